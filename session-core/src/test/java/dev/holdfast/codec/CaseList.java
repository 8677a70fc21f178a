package dev.holdfast.codec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Objects by name, made anew each time that somebody asks for one. */
final class CaseList {

    private final Map<String, Supplier<Object>> cases = new LinkedHashMap<>();

    Map<String, Supplier<Object>> all() {
        return cases;
    }

    CaseList add(String name, Callable<?> value) {
        Supplier<Object> supplier = () -> {
            try {
                return value.call();
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        };
        if (cases.put(name, supplier) != null) {
            throw new AssertionError("two cases named " + name);
        }
        return this;
    }
}

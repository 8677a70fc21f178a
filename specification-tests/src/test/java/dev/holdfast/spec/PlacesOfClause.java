package dev.holdfast.spec;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** The parameter of a test of a clause: each of its places. */
final class PlacesOfClause implements ArgumentsProvider {

    @Override
    public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        Clause clause = context.getRequiredTestMethod().getAnnotation(Clause.class);
        return Stream.of(clause.at()).map(Arguments::of);
    }
}

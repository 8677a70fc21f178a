package dev.holdfast.fallback;

/** Nothing is asked: it would only make requests wait. */
final class OpenState implements BreakerState {

    @Override
    public boolean permitsCalls() {
        return false;
    }
}

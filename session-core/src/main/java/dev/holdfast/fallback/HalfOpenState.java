package dev.holdfast.fallback;

/** A probe is under way. Requests are not asked to find out: they would be the ones that wait. */
final class HalfOpenState implements BreakerState {

    @Override
    public boolean permitsCalls() {
        return false;
    }
}

package dev.holdfast.fallback;

/** Hears when a part of the store is given up, why, and when it is back. */
interface Outages {

    /**
     * The store is no longer asked.
     *
     * @param domain which part
     * @param failures how many of the latest calls failed
     * @param calls how many were counted
     * @param cause what the last one said
     */
    void began(int domain, int failures, int calls, String cause);

    /**
     * The store still does not answer, and a probe has found another reason, one that was not told in this outage.
     *
     * @param domain which part
     * @param cause what the probe said
     */
    void lasts(int domain, String cause);

    /** The store is asked again. */
    void ended(int domain);
}

package dev.holdfast.session;

/**
 * What a node could not do when it stopped.
 *
 * @param copies how many copies it had
 * @param unsaved how many of them may have changes that are not in the store
 * @param inUse how many of them were still used by requests
 * @param untold how many of them have passivation listeners that were not told, or have not returned
 * @param unwritten how many copies have left whose passivation listeners have changed something that was not written
 */
public record Leftovers(int copies, int unsaved, int inUse, int untold, int unwritten) {

    /** Whether all went well. */
    public boolean areNone() {
        return unsaved == 0 && inUse == 0 && untold == 0 && unwritten == 0;
    }
}

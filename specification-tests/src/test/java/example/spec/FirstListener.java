package example.spec;

/** The one that {@code web.xml} declares first. */
public final class FirstListener extends AllKindsListener {

    /** Called by the container. */
    public FirstListener() {
        super("first");
    }
}

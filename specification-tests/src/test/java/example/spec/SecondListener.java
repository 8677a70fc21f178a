package example.spec;

/** The one that {@code web.xml} declares second. */
public final class SecondListener extends AllKindsListener {

    /** Called by the container. */
    public SecondListener() {
        super("second");
    }
}

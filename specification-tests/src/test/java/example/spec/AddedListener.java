package example.spec;

/** The one that code registers, after those that are declared. */
public final class AddedListener extends AllKindsListener {

    AddedListener() {
        super("added");
    }
}

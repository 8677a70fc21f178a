package dev.holdfast.codec;

/** All types that have a number. Those below {@link #BOX} belong to Kryo's own list of primitives and strings. */
final class JdkTypes {

    /** Stands for all objects in boxes: the box itself says what is in it. */
    static final int BOX = 9;

    private JdkTypes() {}

    static NumberedTypes of(ClassLookup classes) {
        NumberedTypes types = new NumberedTypes();
        BoxSerializer box = new BoxSerializer();
        types.add(BOX, BoxedObject.class, box);
        new ArrayTypes(types).addAll();
        new CollectionTypes(types).addAll();
        new FixedCollectionTypes(types).addAll();
        new ValueTypes(types).addAll(classes, box);
        new TimeTypes(types).addAll();
        new SqlTypes(types).addAll();
        new ViewTypes(types).addAll();
        return types;
    }

    /** The type that number {@link #BOX} is registered for; no object is of it. */
    private static final class BoxedObject {}
}

package dev.holdfast.codec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collections and maps that can be changed. Numbers 20 to 49. */
@SuppressWarnings("JdkObsolete") // old types are what old applications store
final class CollectionTypes {

    private final NumberedTypes types;

    CollectionTypes(NumberedTypes types) {
        this.types = types;
    }

    void addAll() {
        addCollections();
        addSortedCollections();
        addBlockingQueues();
        addMaps();
        types.addGroup(
                34,
                new LateSerializer<List<?>>(CollectionTypes::sizeAndElement, CollectionTypes::copiesOf),
                Collections.nCopies(2, 1));
    }

    private void addCollections() {
        addCollection(20, ArrayList.class, ArrayList::new);
        addCollection(21, LinkedList.class, LinkedList::new);
        addCollection(22, ArrayDeque.class, ArrayDeque::new);
        addCollection(23, HashSet.class, HashSet::new);
        addCollection(24, LinkedHashSet.class, LinkedHashSet::new);
        addCollection(25, Vector.class, Vector::new);
        addCollection(26, Stack.class, Stack::new);
        addCollection(27, CopyOnWriteArrayList.class, CopyOnWriteArrayList::new);
        addCollection(28, CopyOnWriteArraySet.class, CopyOnWriteArraySet::new);
        addCollection(29, ConcurrentLinkedQueue.class, ConcurrentLinkedQueue::new);
        addCollection(30, ConcurrentLinkedDeque.class, ConcurrentLinkedDeque::new);
    }

    private void addCollection(int number, Class<?> type, Supplier<? extends Collection<?>> factory) {
        types.add(number, type, new CollectionSerializer(factory));
    }

    private void addSortedCollections() {
        types.add(
                31,
                TreeSet.class,
                new SortedCollectionSerializer<>(TreeSet::comparator, TreeSet<@Nullable Object>::new));
        types.add(
                32,
                ConcurrentSkipListSet.class,
                new SortedCollectionSerializer<>(
                        ConcurrentSkipListSet::comparator, ConcurrentSkipListSet<@Nullable Object>::new));
        types.add(
                33,
                PriorityQueue.class,
                new SortedCollectionSerializer<>(PriorityQueue::comparator, PriorityQueue<@Nullable Object>::new));
    }

    /** Not in boxes: there, they would wait for a lock that the bytes say is taken. */
    private void addBlockingQueues() {
        types.add(35, LinkedBlockingQueue.class, new BlockingQueueSerializer(LinkedBlockingQueue::new));
        types.add(36, LinkedBlockingDeque.class, new BlockingQueueSerializer(LinkedBlockingDeque::new));
        types.add(
                37,
                PriorityBlockingQueue.class,
                new SortedCollectionSerializer<>(
                        PriorityBlockingQueue::comparator,
                        comparator -> new PriorityBlockingQueue<@Nullable Object>(1, comparator)));
    }

    private void addMaps() {
        types.add(40, HashMap.class, new MapSerializer(HashMap::new));
        types.add(41, LinkedHashMap.class, new LinkedHashMapSerializer());
        types.add(42, Hashtable.class, new MapSerializer(Hashtable::new));
        types.add(43, ConcurrentHashMap.class, new MapSerializer(ConcurrentHashMap::new));
        types.add(44, IdentityHashMap.class, new MapSerializer(IdentityHashMap::new));
        types.add(45, TreeMap.class, new SortedMapSerializer(TreeMap::new));
        types.add(46, ConcurrentSkipListMap.class, new SortedMapSerializer(ConcurrentSkipListMap::new));
    }

    private static List<@Nullable Object> sizeAndElement(List<?> copies) {
        return Arrays.asList(copies.size(), copies.isEmpty() ? null : copies.get(0));
    }

    private static List<?> copiesOf(@Nullable Object[] sizeAndElement) {
        if (!(LateSerializer.part(sizeAndElement, 0) instanceof Integer size)) {
            throw new GraphException("the bytes are damaged: a size is missing");
        }
        return Collections.nCopies(size, LateSerializer.part(sizeAndElement, 1));
    }
}

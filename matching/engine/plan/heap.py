"""A heap of nodes by a key that may fall. `place` says where in the heap a node stands, -1: nowhere."""

from matching.engine.fast.compiled import inner, kernel


@kernel
def sift_up(heap, place, at, key):
    """Move the node that stands at `at` up to where its key belongs."""
    node = heap[at]
    while at > 0:
        parent = (at - 1) >> 1
        if key[heap[parent]] <= key[node]:
            break
        heap[at] = heap[parent]
        place[heap[at]] = at
        at = parent
    heap[at] = node
    place[node] = at


@inner
def enter(heap, place, size, node, key):
    """Put a node where its key belongs, whether it stands in the heap already or not; how many stand there then."""
    if place[node] < 0:
        heap[size] = node
        place[node] = size
        size += 1
    sift_up(heap, place, place[node], key)
    return size


@kernel
def pop(heap, place, size, key):
    """Take the node with the smallest key, which stands first, out of the heap; how many are left."""
    place[heap[0]] = -1
    size -= 1
    if size == 0:
        return 0
    node, at = heap[size], 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and key[heap[child + 1]] < key[heap[child]]:
            child += 1
        if key[heap[child]] >= key[node]:
            break
        heap[at] = heap[child]
        place[heap[at]] = at
        at = child
    heap[at] = node
    place[node] = at
    return size

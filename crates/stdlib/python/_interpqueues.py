"""Queues between the interpreters of a process. Items are pickled."""

import pickle
import _vivarium_interpreters as _native


class QueueError(RuntimeError):
    """Indicates that a queue-related error happened."""


class QueueNotFoundError(QueueError):
    """An interpreter queue was not found"""


for _class in (QueueError, QueueNotFoundError):
    _class.__module__ = "concurrent.interpreters"

_empty = _full = QueueError


def _register_heap_types(queue, empty, full):
    global _empty, _full
    _empty, _full = empty, full


def _found(qid, answer):
    if answer is None:
        raise QueueNotFoundError(f"queue {qid} not found")
    return answer


def create(maxsize, unboundop=-1, fallback=-1):
    """Create a new cross-interpreter queue and return its unique generated ID."""
    return _native.queue_create(maxsize, unboundop, fallback)


def destroy(qid):
    """Clear and destroy the queue."""
    _found(qid, _native.queue_destroy(qid) or None)


def list_all():
    """Return the list of ID triples for all queues."""
    known = [(qid, _native.queue_info(qid)) for qid in _native.queue_list()]
    return [(qid, *info[1:3]) for qid, info in known if info is not None]


def put(qid, obj, unboundop=-1, fallback=-1):
    """Add the object's data to the queue."""
    try:
        item = pickle.dumps(obj)
    except Exception as e:
        from _interpreters import NotShareableError
        raise NotShareableError("object could not be pickled") from e
    if not _found(qid, _native.queue_put(qid, item)):
        raise _full(f"queue {qid} is full")


def get(qid):
    """Return the (object, unbound op) from the front of the queue."""
    item = _found(qid, _native.queue_get(qid))
    if item is False:
        raise _empty(f"queue {qid} is empty")
    return pickle.loads(item), None


def bind(qid):
    """Take a reference to the identified queue."""
    _found(qid, _native.queue_use(qid, 1))


def release(qid):
    """Release a reference to the queue; the last one destroys it."""
    if _found(qid, _native.queue_use(qid, -1)) <= 0:
        _native.queue_destroy(qid)


def get_maxsize(qid):
    """Return the maximum number of items in the queue."""
    return _found(qid, _native.queue_info(qid))[0]


def get_queue_defaults(qid):
    """Return the queue's default values, set when it was created."""
    return _found(qid, _native.queue_info(qid))[1:3]


def is_full(qid):
    """Return true if the queue has a maxsize and has reached it."""
    maxsize, _, _, count = _found(qid, _native.queue_info(qid))
    return 0 < maxsize <= count


def get_count(qid):
    """Return the number of items in the queue."""
    return _found(qid, _native.queue_info(qid))[3]

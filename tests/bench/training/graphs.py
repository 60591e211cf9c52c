"""Trains graph algorithms: search, shortest paths, union-find, components."""

import heapq
import sys
from collections import defaultdict, deque


class Graph:
    def __init__(self, size, seed):
        self.size = size
        self.edges = []
        self.near = defaultdict(list)
        state = seed
        for node in range(size):
            for step in (1, 7):
                state = (state * 69069 + 1) & 0xFFFFFFFF
                other = (node + step + (state >> 20)) % size
                self.add(node, other, 1 + (state >> 16) % 50)

    def add(self, a, b, weight):
        self.edges.append((weight, a, b))
        self.near[a].append((b, weight))
        self.near[b].append((a, weight))


def breadth_first(graph, start):
    depth = {start: 0}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for other, _ in graph.near[node]:
            if other not in depth:
                depth[other] = depth[node] + 1
                queue.append(other)
    return depth


def shortest(graph, start):
    best = [float("inf")] * graph.size
    best[start] = 0
    heap = [(0, start)]
    while heap:
        cost, node = heapq.heappop(heap)
        if cost > best[node]:
            continue
        for other, weight in graph.near[node]:
            through = cost + weight
            if through < best[other]:
                best[other] = through
                heapq.heappush(heap, (through, other))
    return best


class Union:
    def __init__(self, size):
        self.parent = list(range(size))
        self.rank = [0] * size

    def find(self, node):
        parent = self.parent
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    def join(self, a, b):
        a, b = self.find(a), self.find(b)
        if a == b:
            return False
        if self.rank[a] < self.rank[b]:
            a, b = b, a
        self.parent[b] = a
        self.rank[a] += self.rank[a] == self.rank[b]
        return True


def spanning(graph):
    union = Union(graph.size)
    return sum(weight for weight, a, b in sorted(graph.edges) if union.join(a, b))


def topological(graph):
    after = {node: set() for node in range(graph.size)}
    waiting = dict.fromkeys(after, 0)
    for _, a, b in graph.edges:
        low, high = min(a, b), max(a, b)
        if low != high and high not in after[low]:
            after[low].add(high)
            waiting[high] += 1
    ready = [node for node, count in waiting.items() if not count]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for other in sorted(after[node]):
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return order


def colours(graph):
    chosen = {}
    for node in sorted(graph.near, key=lambda node: (-len(graph.near[node]), node)):
        taken = {chosen[other] for other, _ in graph.near[node] if other in chosen}
        chosen[node] = next(c for c in range(graph.size) if c not in taken)
    return max(chosen.values()) + 1


def walk(graph, node, seen, limit):
    seen.add(node)
    if limit == 0:
        return 1
    return 1 + sum(
        walk(graph, other, seen, limit - 1)
        for other, weight in graph.near[node]
        if other not in seen and weight & 1
    )


def main(scale):
    total = 0
    for seed in range(20 * scale):
        graph = Graph(260, seed * 2 + 1)
        depth = breadth_first(graph, seed % graph.size)
        costs = shortest(graph, 0)
        order = topological(graph)
        figures = (max(depth.values()), sum(costs), spanning(graph), len(order),
                   order[len(order) // 2], colours(graph), walk(graph, 0, set(), 40))
        for figure in figures:
            total = (total * 17 + figure) % 1_000_003
    print("graphs", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)

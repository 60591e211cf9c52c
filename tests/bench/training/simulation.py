"""Trains a discrete-event simulation: many small objects and a heap of events."""

import heapq
import sys
from collections import deque


class Generator:
    """Linear congruential numbers, the same on every machine."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.state >> 8) % bound


class Event:
    __slots__ = ("time", "order", "action", "subject")

    def __init__(self, time, order, action, subject):
        self.time = time
        self.order = order
        self.action = action
        self.subject = subject

    def __lt__(self, other):
        if self.time != other.time:
            return self.time < other.time
        return self.order < other.order


class Customer:
    def __init__(self, number, patience):
        self.number = number
        self.patience = patience
        self.arrived = None
        self.served = False

    def waits_at(self, now):
        return now - self.arrived


class Desk:
    def __init__(self, name, speed):
        self.name = name
        self.speed = speed
        self.queue = deque()
        self.busy = None
        self.handled = 0

    @property
    def load(self):
        return len(self.queue) + (self.busy is not None)


class Simulation:
    def __init__(self, seed, desks):
        self.random = Generator(seed)
        self.now = 0
        self.order = 0
        self.events = []
        self.desks = [Desk(f"desk{i}", 3 + i) for i in range(desks)]
        self.waited = {}
        self.lost = set()

    def schedule(self, delay, action, subject):
        self.order += 1
        heapq.heappush(self.events, Event(self.now + delay, self.order, action, subject))

    def arrive(self, customer):
        customer.arrived = self.now
        desk = min(self.desks, key=lambda desk: (desk.load, desk.speed))
        desk.queue.append(customer)
        self.schedule(customer.patience, self.give_up, (desk, customer))
        if desk.busy is None:
            self.start(desk)

    def start(self, desk):
        while desk.queue:
            customer = desk.queue.popleft()
            if customer.number in self.lost:
                continue
            desk.busy = customer
            customer.served = True
            wait = customer.waits_at(self.now)
            self.waited[wait] = self.waited.get(wait, 0) + 1
            self.schedule(desk.speed + self.random.below(6), self.finish, desk)
            return

    def finish(self, desk):
        desk.handled += 1
        desk.busy = None
        self.start(desk)

    def give_up(self, subject):
        desk, customer = subject
        if not customer.served:
            self.lost.add(customer.number)

    def run(self, customers):
        for number in range(customers):
            customer = Customer(number, 8 + self.random.below(20))
            self.schedule(self.random.below(customers * 2), self.arrive, customer)
        while self.events:
            event = heapq.heappop(self.events)
            self.now = event.time
            event.action(event.subject)
        waits = sum(wait * times for wait, times in self.waited.items())
        return self.now, waits, len(self.lost), [desk.handled for desk in self.desks]


def main(scale):
    total = 0
    handled = []
    for seed in range(30 * scale):
        now, waits, lost, handled = Simulation(seed, 3 + seed % 2).run(220)
        total = (total * 7 + now + waits + lost + sum(handled)) % 1_000_003
    print("simulation", total, handled)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)

import collections.abd

import sys
sys.exit("fatal: message on stderr")

import sys

print("hello", sys.argv, sys.executable)

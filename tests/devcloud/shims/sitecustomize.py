"""Python runs this at the start of every process. Most of a start is imports, whose objects stay: less frequent garbage
collection saves a tenth of the cpu time."""
import gc

gc.set_threshold(50_000)

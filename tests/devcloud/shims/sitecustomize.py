"""Python runs this at the start of every process. Most of a start is imports, and what they make stays: looking for
garbage less often saves a tenth of the processor time."""
import gc

gc.set_threshold(50_000)

"""Prints the median cpu seconds of one run of each command: cpu.py ROUNDS TIMES COMMAND [TIMES COMMAND ...]

The commands take turns, each TIMES times in a row. The first round does not count. Words of a command are separated by spaces.
"""
import os
import statistics
import sys


def seconds(words):
    silent = [(os.POSIX_SPAWN_OPEN, output, "/dev/null", os.O_WRONLY, 0) for output in (1, 2)]
    pid = os.posix_spawnp(words[0], words, os.environ, file_actions=silent)
    _, status, used = os.wait4(pid, 0)
    if status:
        sys.exit(f"{' '.join(words)} exited with code {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime


rounds = int(sys.argv[1])
turns = [(int(times), command.split()) for times, command in zip(sys.argv[2::2], sys.argv[3::2])]
runs = [[[seconds(words) for _ in range(times)] for times, words in turns] for _ in range(rounds + 1)]
print(*(statistics.median(second for turn in runs[1:] for second in turn[command]) for command in range(len(turns))))

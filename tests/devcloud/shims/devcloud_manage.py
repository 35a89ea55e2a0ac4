"""devcloud_manage NAME MODULE:FUNCTION ARGUMENT... [+ ARGUMENT...]...

Runs a console script once for each list of arguments, each in a fork, so that its imports (two seconds) happen only once.
Exits with the first status other than 0."""
import importlib
import os
import sys


def run():
    name, entry, *words = sys.argv[1:]
    module, function = entry.split(":")
    main = getattr(importlib.import_module(module), function)
    commands = [[]]
    for word in words:
        if word == "+":
            commands.append([])
        else:
            commands[-1].append(word)
    for command in commands:
        child = os.fork()
        if child == 0:
            sys.argv = [name, *command]
            sys.exit(main())
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status != 0:
            print(f"{name} {' '.join(command)}: status {status}", file=sys.stderr)
            sys.exit(status)


run()

#!/bin/sh
# The guide's load test: a hundred command lines at once, five fractals each, ordered of the API that FAAFO_ENDPOINT_URL names. What they say goes
# to load.log in the working directory; while the flock draws, the queue, the APIs' and workers' load and the nodes are shown.
#
#   samples/load.sh [COMMANDS [FRACTALS]]
set -eu
commands=${1:-100} fractals=${2:-5}
for i in $(seq "$commands"); do
    faafo create --tasks "$fractals" || echo "command $i failed" &
done > load.log 2>&1
wait
accepted=$(grep -c "^$fractals accepted, 0 refused" load.log || true)
echo "$accepted of $commands commands were answered: $((accepted * fractals)) fractals are ordered"
faafo queue
faafo nodes
[ "$accepted" -eq "$commands" ]

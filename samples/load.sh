#!/bin/sh
# The guide's load test: a hundred command lines at once create five tasks each, on the API that FAAFO_ENDPOINT_URL names. Their output goes
# to load.log in the working directory. Then it shows the queue and the nodes with their load, while the flock draws.
#
#   samples/load.sh [COMMANDS [FRACTALS]]
set -eu
commands=${1:-100} fractals=${2:-5}
for i in $(seq "$commands"); do
    faafo create --tasks "$fractals" || echo "command $i failed" &
done > load.log 2>&1
wait
accepted=$(grep -c "^$fractals accepted, 0 refused" load.log || true)
echo "$accepted of $commands commands succeeded: $((accepted * fractals)) tasks accepted"
faafo queue
faafo nodes
[ "$accepted" -eq "$commands" ]

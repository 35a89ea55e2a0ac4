#!/bin/sh
# Runs at the first boot of an instance of the guide. The chapters send this file as user data, with its arguments in a line before it:
#
#   set -- -r api -m amqp://faafo:PASSWORD@10.0.0.5:5672/ -d postgresql://faafo:PASSWORD@10.0.0.5/faafo -b URL
#
#   -i database, -i messaging      install PostgreSQL, RabbitMQ; -p is the password of their user faafo
#   -r api, -r worker, -r demo     run the API on port 80; run a worker; create five tasks on the API of this instance
#   -b URL                         the archive of programs that 'faafo-scaler bundle' builds
#   -n NAME                        the worker's name in the list of nodes; default: derived from the host name
#   -e URL, -m URL, -d URL         the API, the queue and the database, if they are not on this instance
set -eu
install='' roles='' bundle='' endpoint=http://127.0.0.1 transport='' database='' password='' name=''
while getopts i:r:b:e:m:d:p:n: option; do
    case $option in
        i) install="$install $OPTARG" ;;
        r) roles="$roles $OPTARG" ;;
        b) bundle=$OPTARG ;;
        e) endpoint=$OPTARG ;;
        m) transport=$OPTARG ;;
        d) database=$OPTARG ;;
        p) password=$OPTARG ;;
        n) name=$OPTARG ;;
        *) exit 2 ;;
    esac
done

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends ca-certificates curl

for service in $install; do
    case $service in
        database)
            apt-get install -q -y --no-install-recommends postgresql
            for main in /etc/postgresql/*/main; do
                echo "listen_addresses = '*'" > "$main/conf.d/faafo.conf"
                echo 'host faafo faafo all scram-sha-256' >> "$main/pg_hba.conf"
            done
            systemctl restart postgresql
            printf "create role faafo login password '%s';\ncreate database faafo owner faafo;\n" "$password" | runuser -u postgres -- psql -q -v ON_ERROR_STOP=1
            ;;
        messaging)
            apt-get install -q -y --no-install-recommends rabbitmq-server
            rabbitmqctl await_startup
            rabbitmqctl add_user faafo "$password"
            rabbitmqctl set_permissions faafo '.*' '.*' '.*'
            [ -n "$transport" ] || transport=amqp://faafo:$password@127.0.0.1:5672/
            ;;
    esac
done

[ -n "$roles" ] || exit 0
if [ -z "$bundle" ]; then
    echo 'faafo: no programs to start: pass the URL of their archive with -b (--bundle of the chapters)' >&2
    exit 1
fi
mkdir -p /opt/faafo /etc/faafo
curl -fsSL --retry 10 --retry-connrefused "$bundle" | tar -xz -C /opt/faafo --no-same-owner
(
    umask 077
    {
        echo "FAAFO_ENDPOINT_URL=$endpoint"
        [ -z "$name" ] || echo "FAAFO_NODE_NAME=$name"
        [ -z "$transport" ] || echo "FAAFO_TRANSPORT_URL=$transport"
        [ -z "$database" ] || echo "FAAFO_DATABASE_URL=$database"
    } > /etc/faafo/faafo.env
)

for role in $roles; do
    case $role in
        api) program='/opt/faafo/faafo-api/faafo-api --urls http://*:80' ;;
        worker) program=/opt/faafo/faafo-worker/faafo-worker ;;
        *) continue ;;
    esac
    cat > "/etc/systemd/system/faafo-$role.service" <<UNIT
[Unit]
Wants=network-online.target
After=network-online.target
[Service]
EnvironmentFile=/etc/faafo/faafo.env
ExecStart=$program --state-dir /var/lib/faafo
StateDirectory=faafo
Restart=on-failure
RestartSec=2
[Install]
WantedBy=multi-user.target
UNIT
    systemctl enable --now "faafo-$role"
done

case $roles in
    *demo*)
        for cx in -0.70 -0.72 -0.74 -0.76 -0.78; do
            curl -fsS --retry 20 --retry-connrefused -H 'Content-Type: application/json' -d "{\"uuid\": \"$(cat /proc/sys/kernel/random/uuid)\",
                \"width\": 640, \"height\": 480, \"iterations\": 200, \"xa\": -1.5, \"xb\": 1.5, \"ya\": -1, \"yb\": 1, \"cx\": $cx, \"cy\": 0.27}" \
                "$endpoint/v1/fractal" > /dev/null
        done
        ;;
esac

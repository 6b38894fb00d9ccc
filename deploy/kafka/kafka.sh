#!/usr/bin/env bash
# One Apache Kafka broker in KRaft mode, for one machine, for trying out and for tests.
# The jars come from Maven Central (pom.xml names the versions) and are kept in a cache folder.
# There is no password: it listens on 127.0.0.1 unless --host says otherwise. For a real site use a cluster of three.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: kafka.sh start|stop|status|kill [--port N] [--controller-port N] [--host ADDRESS] [--data DIR]
                                      [--properties FILE] [--scram FILE]

  start    take the jars if they are not here yet, make the data folder, start, wait until it answers
  stop     end it in order
  status   exit 0 when it runs, 1 when not
  kill     end it at once, as a power cut would (kill -9)

  --port             for clients, 9092
  --controller-port  for the broker's own quorum, --port + 1
  --host             address to listen on and to tell clients, 127.0.0.1
  --data             folder for log segments, properties, pid and log; ~/.local/share/giaolo/kafka
  --properties       file of further broker settings; where it names one of ours, it wins (TLS, SASL, ACLs)
  --scram            file of users made with a new data folder, one a line: SCRAM-SHA-512=[name=…,password=…]

environment: KAFKA_HEAP (512m), KAFKA_JVM (-XX:+UseSerialGC -XX:TieredStopAtLevel=1: starts with half the work), GIAOLO_CACHE (~/.cache/giaolo)
needs: java 17 or later; maven for the first start (Debian: apt install openjdk-17-jre-headless maven)
TEXT
}

fail() { echo "kafka.sh: $1" >&2; exit "${2:-1}"; }

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
command=${1:-}
[ $# -gt 0 ] && shift
port=9092 controller_port="" properties="" scram="" host=127.0.0.1 data="${XDG_DATA_HOME:-$HOME/.local/share}/giaolo/kafka"
while [ $# -gt 0 ]; do
    case $1 in
        --port|--controller-port|--host|--data|--properties|--scram) [ $# -ge 2 ] || fail "$1 needs a value" 2 ;;
        -h|--help) usage; exit 0 ;;
        *) usage >&2; fail "unknown argument $1" 2 ;;
    esac
    case $1 in
        --port) port=$2 ;;
        --controller-port) controller_port=$2 ;;
        --host) host=$2 ;;
        --data) data=$2 ;;
        --properties) properties=$2 ;;
        --scram) scram=$2 ;;
    esac
    shift 2
done
[[ $port =~ ^[0-9]+$ ]] && [ "$port" -ge 1 ] && [ "$port" -le 65534 ] || fail "--port must be a number from 1 to 65534" 2
controller_port=${controller_port:-$((port + 1))}
[[ $controller_port =~ ^[0-9]+$ ]] || fail "--controller-port must be a number" 2
jvm=${KAFKA_JVM:--XX:+UseSerialGC -XX:TieredStopAtLevel=1}
version=$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$here/pom.xml")
[ -z "$properties" ] || [ -r "$properties" ] || fail "--properties: $properties cannot be read" 2
[ -z "$scram" ] || [ -r "$scram" ] || fail "--scram: $scram cannot be read" 2
libs="${GIAOLO_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/giaolo}/kafka-$version"
if [ -d "$data" ]; then data=$(cd "$data" && pwd); fi
pid_file=$data/kafka.pid
log=$data/kafka.log

running() { # the pid file's process lives and is ours
    [ -s "$pid_file" ] && tr '\0' ' ' < "/proc/$(cat "$pid_file")/cmdline" 2>/dev/null | grep -qF -- "-Dgiaolo.kafka=$data "
}

take_jars() {
    [ -e "$libs/complete" ] && return
    command -v mvn >/dev/null || fail "maven is needed once, to take the jars: apt install maven"
    echo "taking Apache Kafka $version from Maven Central (60 MB, once)" >&2
    mkdir -p "$libs"
    mvn -B -q -f "$here/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$libs" >&2 \
        || fail "the jars could not be taken; is Maven Central (or your mirror in ~/.m2/settings.xml) reachable?"
    touch "$libs/complete"
}

write_properties() {
    (umask 077; : > "$data/server.properties") # it may hold a password
    cat > "$data/server.properties" <<TEXT
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://$host:$port,CONTROLLER://127.0.0.1:$controller_port
advertised.listeners=PLAINTEXT://$host:$port
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:$controller_port
log.dirs=$data/log
# the centre makes the topics: a misspelt name must not make one
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=3000
num.network.threads=2
num.io.threads=4
TEXT
    if [ -n "$properties" ]; then cat "$properties" >> "$data/server.properties"; fi
}

java_run() { java "-Xmx${KAFKA_HEAP:-512m}" $jvm -Dlog4j2.configurationFile="$here/log4j2.xml" -cp "$libs/*" "$@"; }

start() {
    running && { echo "already running, pid $(cat "$pid_file")"; return; }
    command -v java >/dev/null || fail "java 17 or later is needed: apt install openjdk-17-jre-headless"
    take_jars
    mkdir -p "$data"
    data=$(cd "$data" && pwd) pid_file=$data/kafka.pid log=$data/kafka.log
    write_properties
    if [ ! -e "$data/log/meta.properties" ]; then
        local users=()
        if [ -n "$scram" ]; then while read -r line; do users+=(--add-scram "$line"); done < "$scram"; fi
        java_run kafka.tools.StorageTool format "${users[@]}" --standalone --cluster-id="$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c1-22)" \
            --config "$data/server.properties" > "$data/format.log" 2>&1 || { cat "$data/format.log" >&2; fail "the data folder could not be formatted"; }
    fi
    touch "$log"
    local before; before=$(stat -c %s "$log")
    setsid nohup java "-Xmx${KAFKA_HEAP:-512m}" $jvm "-Dgiaolo.kafka=$data" -Dlog4j2.configurationFile="$here/log4j2.xml" \
        -cp "$libs/*" kafka.Kafka "$data/server.properties" >> "$log" 2>&1 < /dev/null &
    echo $! > "$pid_file"
    for _ in $(seq 1 300); do
        if tail -c +$((before + 1)) "$log" | grep -q "Kafka Server started"; then
            echo "Kafka $version at $host:$port, pid $(cat "$pid_file"), data $data"
            return
        fi
        kill -0 "$(cat "$pid_file")" 2>/dev/null || { tail -n 20 "$log" >&2; rm -f "$pid_file"; fail "it ended at once; its log is $log"; }
        sleep 0.2
    done
    fail "not ready after 60 s; its log is $log"
}

end() { # signal, seconds to wait
    running || { echo "not running"; rm -f "$pid_file"; return; }
    local pid; pid=$(cat "$pid_file")
    kill "-$1" "$pid"
    for _ in $(seq 1 $(($2 * 10))); do
        kill -0 "$pid" 2>/dev/null || { rm -f "$pid_file"; return; }
        sleep 0.1
    done
    fail "pid $pid has not ended after $2 s; try kafka.sh kill"
}

case $command in
    start) start ;;
    stop) end TERM 30 ;;
    kill) end KILL 10 ;;
    status) if running; then echo "running, pid $(cat "$pid_file")"; else echo "not running"; exit 1; fi ;;
    -h|--help|help) usage ;;
    *) usage >&2; exit 2 ;;
esac

# Runs the server ("$@" after two directories to remove at the end, each may be empty) and stops it when the program
# that started it ends, however it ends: the system then closes the pipe that is this script's standard input.
trap '' HUP INT TERM
spare=$1 whole=$2
shift 2
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
# A SIGINT is Postgres's fast shutdown: clients are sent away, what is committed is kept.
(read -r _ <&3; kill -INT "$server") &
guard=$!
exec 3<&-
wait "$server"
status=$?
kill -KILL "$guard" 2>/dev/null
for dir in "$spare" "$whole"; do
    [ -z "$dir" ] || rm -rf "$dir"
done
exit "$status"

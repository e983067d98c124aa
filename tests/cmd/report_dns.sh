#!/bin/sh
# The report asks DNS about the domain of a spike: a real name server (nsd,
# unpacked in $B/dns) on the loopback interface, one that never answers, and
# none at all.
. "$(dirname "$0")/lib.sh"

nsd=
for where in "$B/dns" "$B/../dns"; do
	[ ! -x "$where/usr/sbin/nsd" ] || nsd=$where/usr/sbin/nsd
done
[ -n "$nsd" ] || {
	echo "1..0 # SKIP no name server in $B/dns"
	exit 0
}
pids=
trap 'kill $pids 2>/dev/null; wait; rm -rf "$T"' EXIT
port=$(python3 -c 'import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
cat >nsd.conf <<END
server:
  ip-address: 127.0.0.1@$port
  do-ip6: no
  username: ""
  chroot: ""
  database: ""
  pidfile: ""
  zonesdir: "$T"
  xfrdir: "$T"
  xfrdfile: "$T/xfrd"
  zonelistfile: "$T/zones"
remote-control:
  control-enable: no
zone:
  name: "."
  zonefile: root.zone
END
cat >root.zone <<'END'
$TTL 60
. SOA ns.example.com. host.example.com. 1 60 60 60 60
. NS ns.example.com.
ns.example.com. A 127.0.0.1
closed.example.com. MX 0 .
END
"$nsd" -d -c nsd.conf >nsd.log 2>&1 &
pids=$!

# A name server that counts what comes and says nothing.
cat >silent.py <<'END'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
open("silent.new", "w").write(str(s.getsockname()[1]))
import os
os.rename("silent.new", "silent.port")
while True:
    s.recv(4096)
    open("asked", "a").write("x\n")
END
python3 silent.py &
pids="$pids $!"
while [ ! -s silent.port ]; do sleep 0.1; done

# asks [KEY...]: the configuration with these under report:
asks() {
	printf 'database: %s/test.db\nown: ["*@news.example.com"]\nreport:\n' \
		"$T" >bouncewatch.yaml
	printf '  %s\n' "$@" >>bouncewatch.yaml
}

# Ten weeks of three, then one of sixty in one domain.
for week in 1 2 3 4 5 6 7 8 9 10; do
	for i in 1 2 3; do
		bounce "q$i.$week@example.net" 5.1.1 '550 5.1.1 User unknown' \
			$((week * 7 + i)) >q$week.$i.eml
	done
done
i=0
while [ $i -lt 60 ]; do
	i=$((i + 1))
	bounce "who$i@closed.example.com" 5.1.1 '550 5.1.1 User unknown' \
		$((i % 5)) >s$i.eml
done
run ingest ./[qs]*.eml
ends "a bad week" 0

asks "dns_server: 127.0.0.1:$port"
n=0 # until nsd listens
while run report --format=jsonl && [ $n -lt 50 ] &&
	! grep -q '"type":"fact"' out; do
	n=$((n + 1))
	sleep 0.1
done
has "a spike is of this domain" out '"name":"closed.example.com"'
is "what DNS says of it" "$(jq -r 'select(.type == "fact") |
	"\(.domain) \(.fact)"' <out)" \
	"closed.example.com has a null MX: it takes no mail"

run report --format=jsonl --no-dns
ends "--no-dns" 0
lacks "asks nothing" out '"type":"fact"'

# Thirteen domains at once, which is more than the report names.
i=0
while [ $i -lt 260 ]; do
	i=$((i + 1))
	bounce "who$i@gone$((i % 13)).example.com" 5.1.2 \
		'550 5.1.2 Host or domain name not found' $((i % 5)) >g$i.eml
done
run ingest ./g*.eml
asks "dns_server: 127.0.0.1:$port"
run report --format=jsonl
is "each domain that was lifted is asked for" "$(jq -r \
	'select(.type == "fact" and .fact == "does not exist") | .domain' \
	<out | grep -c '^gone')" 13
run report
has "what is lifted and not named is counted" out 'and 7 more.'

asks "dns_server: 127.0.0.1:$(cat silent.port)"
began=$(date +%s%3N)
run report --format=jsonl
took=$(($(date +%s%3N) - began))
ends "a server that never answers" 0
lacks "is no fact" out '"type":"fact"'
truly "was asked" test -s asked
truly "and waited for no longer than 5 s ($took ms)" test "$took" -lt 12000
truly "but as long as questions take" test "$took" -gt 3000

rm -f asked
asks "dns_server: 127.0.0.1:$(cat silent.port)" "dns: false"
run report --format=jsonl
ends "report.dns: false" 0
truly "asks nobody" test ! -e asked
end

#!/bin/sh
# Who does not prove to be the server gets no byte of a credential.
. "$(dirname "$0")/lib.sh"

certs=$DIR/certs
mkdir -p "$certs"
cp "$IMAP_CERTS"/*.pem "$IMAP_CERTS"/*.key "$certs"

# sign NAME SUBJECT EXTENSIONS OPTION...: a certificate of the test CA.
sign() {
	name=$certs/$1
	printf '%s\n' "$3" >"$name.ext"
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -keyout "$name.key" -out "$name.csr" -subj "$2" 2>&1
	shift 3
	openssl x509 -req -in "$name.csr" -CA "$certs/ca.pem" \
		-CAkey "$certs/ca.key" -CAcreateserial -extfile "$name.ext" \
		-out "$name.pem" "$@" 2>&1
}

sign common-name "/CN=localhost" "basicConstraints=CA:FALSE" -days 5 >"$DIR/openssl"
sign wildcard "/CN=wide" "subjectAltName=DNS:*.test" -days 5 >"$DIR/openssl"
sign address "/CN=address" "subjectAltName=DNS:127.0.0.1" -days 5 >"$DIR/openssl"
# faketime is not everywhere; openssl ca is the portable way to a start date.
# shellcheck disable=SC2317 # called by name
later() {
	mkdir -p "$certs/ca"
	: >"$certs/ca/index.txt"
	echo 77 >"$certs/ca/serial"
	cat >"$certs/ca/conf" <<-END
		[ca]
		default_ca = x
		[x]
		database = $certs/ca/index.txt
		serial = $certs/ca/serial
		new_certs_dir = $certs/ca
		default_md = sha256
		policy = p
		[p]
		commonName = supplied
	END
	printf 'subjectAltName=DNS:localhost\n' >"$certs/future.ext"
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -keyout "$certs/future.key" -out "$certs/future.csr" \
		-subj /CN=future 2>&1
	openssl ca -batch -config "$certs/ca/conf" -in "$certs/future.csr" \
		-cert "$certs/ca.pem" -keyfile "$certs/ca.key" \
		-extfile "$certs/future.ext" -out "$certs/future.pem" \
		-startdate "$(date -u -d '+2 days' +%y%m%d%H%M%SZ)" \
		-enddate "$(date -u -d '+9 days' +%y%m%d%H%M%SZ)" 2>&1
}

ok "the certificates are made" later

# refused WHAT CERTIFICATE HOST REASON [FAKE-OPTION...]
refused() {
	what=$1 cert=$2 host=$3 reason=$4
	shift 4
	for tls in implicit starttls; do
		fake "$cert-$tls" cert="$certs/$cert.pem" tls=$tls "$@"
		config "host: $host" "port: $fake_port" "tls: $tls" \
			"user: alice" "ca_file: $certs/ca.pem"
		once
		is "$what ($tls): refused" 69 "$status"
		ok "$what ($tls): it says why" logged "$reason"
		is "$what ($tls): no credential is sent" 0 \
			"$(wire "login|authenticate|alice|$PASSWORD")"
	done
}

refused "another host" wronghost localhost \
	"not for 'localhost' but for other.test"
refused "expired" expired localhost "has expired"
refused "signed by itself" selfsigned localhost "ca_file"
refused "only a common name" common-name localhost \
	"no subject alternative name|not for 'localhost'"
refused "not valid yet" future localhost "not valid yet"
refused "an address as a name" address 127.0.0.1 "not for '127.0.0.1'"
refused "a wildcard for another level" wildcard localhost "not for"

# An old protocol, and no TLS at all.
fake old cert="$certs/good.pem" tls=implicit-old
config "host: localhost" "port: $fake_port" "user: alice" \
	"ca_file: $certs/ca.pem"
once
is "TLS 1.1: refused" 69 "$status"
is "TLS 1.1: no credential is sent" 0 "$(wire "login|$PASSWORD")"
fake plain
config "host: localhost" "port: $fake_port" "user: alice" \
	"ca_file: $certs/ca.pem"
once
is "no TLS where TLS is expected: refused" 69 "$status"
is "no TLS where TLS is expected: no credential is sent" 0 \
	"$(wire "login|$PASSWORD")"

# The same server without a fault, and one that nobody here knows.
fake good cert="$certs/good.pem" tls=implicit
config "host: localhost" "port: $fake_port" "user: alice" \
	"ca_file: $certs/ca.pem"
once
is "a good certificate: taken" 0 "$status"
is "a good certificate: logged in" 1 "$(wire " login ")"
config "host: localhost" "port: $fake_port" "user: alice"
once
is "an authority that the system does not know: refused" 69 "$status"
config "host: localhost" "port: $fake_port" "user: alice" \
	"ca_file: $DIR/openssl"
once
is "a ca_file without a certificate: refused" 69 "$status"
ok "with its name" logged "ca_file '$DIR/openssl'"
finish

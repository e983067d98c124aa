# Shared by the scenarios of the commands. Each is a TAP suite that runs the
# built program in a folder of its own, with a configuration of its own.
# shellcheck shell=sh
set -u
cd "$(dirname "$0")/../.." || exit 1
top=$PWD
B=${B:-build}
case $B in
/*) ;;
*) B=$top/$B ;;
esac
BW=$B/bouncewatch
[ -x "$BW" ] || {
	echo "1..0 # SKIP $BW is not built"
	exit 0
}
T=$(mktemp -d "${TMPDIR:-/tmp}/bouncewatch-cmd.XXXXXX") || exit 1
trap 'rm -rf "$T"' EXIT
trap 'exit 1' HUP INT TERM
cd "$T" || exit 1
export LC_ALL=C BOUNCEWATCH_CONFIG="$T/bouncewatch.yaml"
printf 'database: %s/test.db\nown: ["*@news.example.com"]\n' "$T" >bouncewatch.yaml
tests=0 failed=0

# run ARGUMENT...: the program; its status, $T/out and $T/err are looked at.
run() {
	"$BW" "$@" >out 2>err
	status=$?
}

pass() {
	tests=$((tests + 1))
	echo "ok $tests - $1"
}

fail() {
	tests=$((tests + 1)) failed=$((failed + 1))
	echo "not ok $tests - $1"
	shift
	printf '# %s\n' "$@"
	sed 's/^/# out: /' out
	sed 's/^/# err: /' err
}

# is NAME GOT WANT
is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "got: $2" "want: $3"
	fi
}

# ends NAME STATUS: how the last run ended
ends() { is "$1" "status $status" "status $2"; }

# has NAME FILE TEXT: FILE has TEXT in it
has() {
	if grep -qF -- "$3" "$2"; then
		pass "$1"
	else
		fail "$1" "$2 lacks: $3"
	fi
}

# lacks NAME FILE TEXT
lacks() {
	if grep -qF -- "$3" "$2"; then
		fail "$1" "$2 has: $3"
	else
		pass "$1"
	fi
}

# truly NAME COMMAND...
truly() {
	name=$1
	shift
	if "$@"; then
		pass "$name"
	else
		fail "$name" "false: $*"
	fi
}

# Whatever a scenario does, the accounts of its database agree at its end.
end() {
	if [ -s "$T/test.db" ]; then
		"$BW" db check --database="$T/test.db" >out 2>err
		is "the database is sound at the end" "$?$(cat out)" 0
	fi
	echo "1..$tests"
	[ "$failed" -eq 0 ]
	exit
}

# bounce ADDRESS [CODE [TEXT [DAYS-AGO]]]: a delivery report on stdout
bounce() {
	to=$1 code=${2:-5.1.1} days=${4:-1}
	text=${3:-"550 $code <$to>: Recipient address rejected: User unknown"}
	at=$(date -u -R -d "-$days days")
	id=$(printf '%s' "$to$code$days" | cksum | tr -d ' ')
	cat <<END
Return-Path: <>
Received: from out.news.example.com (out.news.example.com [192.0.2.1])
	by mx.news.example.com; $at
Date: $at
From: MAILER-DAEMON@out.news.example.com (Mail Delivery System)
To: bounces@news.example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <$id@out.news.example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="$id/out"

--$id/out
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

<$to>: host mx.example.org[198.51.100.7] said: $text

--$id/out
Content-Type: message/delivery-status

Reporting-MTA: dns; out.news.example.com
Arrival-Date: $at

Final-Recipient: rfc822; $to
Action: failed
Status: $code
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; $text

--$id/out
Content-Type: message/rfc822

Message-ID: <original.$id@news.example.com>
Date: $at
From: news@news.example.com
To: $to
Subject: News

x

--$id/out--
END
}

# complaint ADDRESS LIST-ID: an abuse report (RFC 5965) on stdout
complaint() {
	at=$(date -u -R -d '-1 day')
	cat <<END
Received: from fbl.example.net by mx.news.example.com; $at
Date: $at
From: <feedback@fbl.example.net>
To: <abuse@news.example.com>
Subject: FW: News
Message-ID: <$1.fbl@fbl.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="fbl"

--fbl
Content-Type: text/plain

This is an email abuse report.

--fbl
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: <$1>

--fbl
Content-Type: message/rfc822

Message-ID: <$1.mail@news.example.com>
Date: $at
From: <news@news.example.com>
To: <$1>
List-Id: $2
Subject: News

x

--fbl--
END
}

# ordinary: a mail that is no bounce, on stdout
ordinary() {
	cat <<END
Received: from mx.example.org by mx.news.example.com;
	$(date -u -R -d '-1 day')
Date: $(date -u -R -d '-1 day')
From: Anna <anna@example.org>
To: bounces@news.example.com
Subject: lunch
Message-ID: <lunch@example.org>

Shall we?
END
}

# conf/incidents.yaml to rows of KNOWN(kind, name, from, to, note), for
# ledger_known.c. The file is ours, so only its own form is understood.
function value(line) {
	sub(/^[^:]*:[ ]*/, "", line)
	gsub(/^"|"$/, "", line)
	return line
}
function flush() {
	if (kind != "")
		printf "KNOWN(%s, \"%s\",\n\t\"%s\", \"%s\",\n\t\"%s\")\n",
			kind, name, from, to, note
}
/^- / { flush(); kind = ""; sub(/^- /, "  ") }
/^  provider:/ { kind = "INCIDENT_PROVIDER"; name = value($0) }
/^  domain:/ { kind = "INCIDENT_DOMAIN"; name = value($0) }
/^  from:/ { from = value($0) }
/^  to:/ { to = value($0) }
/^  note:/ { note = value($0) }
END { flush() }

#!/bin/sh
# Functions that we do not call: they do not know the size of what they write
# to, share a static buffer between threads, cannot tell an error from a value,
# start a shell (tests may), or put text into SQL.
. "$(dirname "$0")/lib.sh"
banned='strcpy strcat strncpy strncat sprintf vsprintf stpcpy
	gmtime localtime asctime ctime strtok rand srand tmpnam mktemp
	atoi atol atoll atof system popen alloca
	sqlite3_mprintf sqlite3_vmprintf sqlite3_snprintf sqlite3_get_table'
words=$(printf '%s' "$banned" | tr -s ' \t\n' '|')

# Comments may name them: the preprocessor takes comments out and keeps lines.
code() {
	gcc -fpreprocessed -dD -E -x c "$1" 2>/dev/null | awk '
	/^# [0-9]+ "/ { line = $2; next }
	{ print line++ ":" $0 }'
}

files '*.c' '*.h' >"$scratch"
while IFS= read -r f; do
	case $f in
	tests/*) mine=$(printf '%s' "$words" | sed 's/system|popen|//') ;;
	*) mine=$words ;;
	esac
	hits=$(code "$f" | grep -E "(^|[^A-Za-z0-9_])($mine) *\(")
	[ -z "$hits" ] || tell "$(printf '%s\n' "$hits" | sed "s,^,$f:,")"
	# SQL without parameters is constant text, in store/db*.c alone.
	case $f in
	store/db*.c | tests/*) continue ;;
	esac
	hits=$(code "$f" | grep 'sqlite3_exec *(')
	[ -z "$hits" ] || tell "$(printf '%s\n' "$hits" | sed "s,^,$f:,")"
done <"$scratch"
end

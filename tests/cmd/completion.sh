#!/bin/sh
# What bash and zsh offer while a command is typed: real shells, with the
# scripts that are made from the tables of the commands. Beside a check stands
# with what it was seen to fail.
. "$(dirname "$0")/lib.sh"

run completion
ends "no shell" 64
has "the shells are named" err "  zsh "
run completion fish
ends "a shell that we do not know" 64
run completion bash
ends "the script for bash" 0
cp out bw.bash
if command -v shellcheck >/dev/null; then
	# With $cur in no quotes.
	shellcheck -S warning bw.bash >out 2>&1
	is "is clean" "$(cat out)" ""
fi
run completion zsh
ends "the function for zsh" 0
mkdir site files
cp out site/_bouncewatch
: >out
cd files || exit 1
: >"a list.csv"
: >mails.mbox
mkdir more
cd ..

# bash WORD...: what bash offers for the last word, one a line, sorted. The
# words are as bash breaks them: --a=b is three, where "=" is in BREAKS.
cat >ask.bash <<'END'
COMP_WORDBREAKS=${BREAKS-$' \t\n"\'><=;|&(:'}
. ../bw.bash || exit 1
[[ $(complete -p bouncewatch) == "complete -F _bouncewatch bouncewatch" ]] ||
	exit 1
set -u
COMP_WORDS=(bouncewatch "$@")
COMP_CWORD=$#
_bouncewatch bouncewatch "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
END
with_bash() {
	(cd files && bash --norc ../ask.bash "$@" 2>&1) | sort
}

# The same of zsh, in a terminal of its own. compadd is asked for all that it
# would show.
cat >ask.zsh <<'END'
zmodload zsh/zpty || exit 1
zpty shell zsh -f -i
typeset line all
send() {
	zpty -w shell "$1"
}
send "PROMPT= RPS1= ; stty -echo; HISTFILE= ; cd $PWD/files"
send "fpath=($PWD/site \$fpath); autoload -Uz compinit; compinit -u -D"
send 'compadd() {
	local -a hits
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
		builtin compadd "$@"
		return
	fi
	builtin compadd -A hits "$@"
	(($#hits)) || return 1
	print -rl -- ":offer:"$^hits
	builtin compadd "$@"
}'
send 'done_() { print -r -- ":end:"; exit }; comppostfuncs=(done_)'
send 'zstyle ":completion:*" insert-tab false; LISTMAX=0'
send 'bindkey "^I" complete-word; print -r -- :"ready":'
while zpty -r shell line && [[ $line != *:ready:* ]]; do :; done
zpty -n -w shell "$1"$'\t'
while zpty -r shell line; do
	line=${line%$'\n'} line=${line%$'\r'}
	[[ $line != *:end:* ]] || break
	[[ $line != *:offer:* ]] || print -r -- "${line##*:offer:}"
done
zpty -d shell
END
with_zsh() {
	timeout 20 zsh -f ask.zsh "$*" 2>&1 | sort -u
}

lines() { printf '%s\n' "$@" | sort; }

# offers NAME WANT LINE...: bash gets the words, zsh the line; WANT is sorted.
offers() {
	name=$1 want=$2
	shift 2
	is "bash: $name" "$(with_bash "$@")" "$want"
	line=bouncewatch
	for w; do
		case $line$w in
		*=) line=$line$w ;;
		*) case $line in
			*=) line=$line$w ;;
			*) line="$line $w" ;;
			esac ;;
		esac
	done
	is "zsh: $name" "$(with_zsh "$line")" "$want"
}

for tool in bash zsh; do
	command -v $tool >/dev/null || {
		echo "1..0 # SKIP $tool is not installed"
		exit 0
	}
done

commands=$("$BW" help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
# With a command left out of the table.
offers "the commands" "$(lines $commands)" ""
offers "one of them" "export" "expo"
offers "behind an option with a value" "export" --config x.yaml expo
offers "behind one in one word" "export" --config = x.yaml expo

# Every option of every command, as its --help has it. With a row of the table
# left out by either script, and with its letter.
for c in $commands; do
	want=$("$BW" help "$c" | awk '
		/^options/ { on = 1; next } !NF { on = 0 }
		on && /^  [- ]/ && match($0, /--[a-z-]+/) {
			print substr($0, RSTART, RLENGTH) }' | sort)
	[ -n "$want" ] || fail "$c has options"
	is "bash: all options of $c" \
		"$(with_bash "$c" -- | grep '^--' | sed 's/=$//')" "$want"
	is "zsh: all options of $c" \
		"$(with_zsh "bouncewatch $c --" | sed 's/=$//')" "$want"
done
is "bash: one with a letter" "$(with_bash export - | grep '^-[a-z]')" \
	"$(lines -h -o)"

# Seen to fail: all that the command has.
for verb in "backup --force" "check --quick" "stat --format" \
	"purge --dry-run --evidence-before" vacuum; do
	# shellcheck disable=SC2086
	set -- $verb
	verb=$1
	shift
	is "bash: db $verb has options of its own" \
		"$(with_bash db "$verb" -- | grep -E -e '--(dry-run|evidence-before|force|format|quick)' | sed 's/=$//' | tr '\n' ' ')" \
		"$(printf '%s ' "$@" | sed 's/^ *$//')"
	is "zsh: the same" \
		"$(with_zsh "bouncewatch db $verb --" | grep -E -e '--(dry-run|evidence-before|force|format|quick)' | sed 's/=$//' | tr '\n' ' ')" \
		"$(printf '%s ' "$@" | sed 's/^ *$//')"
done
# With the words of another command.
offers "the commands of a command" \
	"$(lines list show confirm release mark)" incident ""
is "bash: and nothing behind them" "$(with_bash incident list "")" ""
# With the values of another option, and without the search for the command.
offers "the words of an option" "$(lines text jsonl csv)" check --format = ""
offers "begun" "jsonl" check --format = j
is "bash: as the next word" "$(with_bash check --format j)" jsonl
is "bash: in a bash that does not break words at =" \
	"$(BREAKS=' ' with_bash check --format=j)" --format=jsonl
is "zsh: as the next word" "$(with_zsh bouncewatch check --format j)" jsonl
offers "the reasons" "$(lines user-unknown)" export --reason = user-u
for c in export import; do
	formats=$("$BW" help $c | sed -n '/^formats:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
	# shellcheck disable=SC2086
	offers "the formats of $c" "$(lines $formats)" $c ""
done
offers "the formats, behind an option" "plain" export --domain = x.org pl
offers "the commands to be helped with" "explain" help expl
# With "files" left out of import's row.
is "bash: files, with a blank" "$(with_bash import events "")" \
	"$(lines "a list.csv" mails.mbox more)"
is "zsh: files, with a blank" "$(with_zsh "bouncewatch import events ")" \
	"$(lines "a\\ list.csv" mails.mbox more)"
# Without a format the file says what it is. With no file for the first operand.
offers "a file where no format begins so" mails.mbox import mails
is "bash: a file for an option" "$(with_bash export --output = a)" "a list.csv"
is "bash: and its letter" "$(with_bash export -o mai)" mails.mbox
is "zsh: a file for an option" "$(with_zsh "bouncewatch export --output=mai")" \
	mails.mbox
is "zsh: and its letter" "$(with_zsh "bouncewatch export -o mai")" mails.mbox
offers "nothing for a free text" "" suppress --reason = ""
is "bash: no options behind --" "$(with_bash parse -- --)" ""
is "bash: nothing for what is no command" "$(with_bash chekc -)" ""
end

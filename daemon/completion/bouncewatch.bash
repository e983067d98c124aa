# Completion of bouncewatch for bash. Made by
# 'bouncewatch completion bash'.
# shellcheck shell=bash disable=SC2034

# What a command takes: its options (those with a value end in =), the words
# that its first operand may be, and whether other operands are files.
_bouncewatch_command() {
	options='' words='' files=''
	case $1 in
@COMMANDS@
	*) return 1 ;;
	esac
}

# Of the options of a command those that go with its first operand; fails where
# all do.
_bouncewatch_verb() {
	case $1:$2 in
@VERBS@
	*) return 1 ;;
	esac
}

# What the value of an option may be; fails for one that takes none.
_bouncewatch_value() {
	words='' files=''
	case $1:$2 in
@VALUES@
	*) return 1 ;;
	esac
}

# _bouncewatch_reply BEFORE VALUE: what of $words and the files fits VALUE.
# BEFORE stands in the same word of the shell.
_bouncewatch_reply() {
	mapfile -t COMPREPLY < <(compgen -P "$1" -W "$words" -- "$2")
	[[ $files ]] || return 0
	mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < \
		<(compgen -P "$1" -f -- "$2")
	compopt -o filenames 2>/dev/null
	return 0
}

# The words up to the cursor, with --name=value as one, whether the shell
# breaks them at = or not.
_bouncewatch_split() {
	local i w glue=
	line=()
	for ((i = 1; i <= COMP_CWORD; i++)); do
		w=${COMP_WORDS[i]}
		if [[ $glue || ($w == = && ${line[-1]-} == --*) ]]; then
			line[-1]+=$w
			glue=
			[[ $w != = ]] || glue=yes
		else
			line+=("$w")
		fi
	done
}

_bouncewatch() {
	local -a line
	local options words files i w cur command='' verb='' operands=0 ended=
	COMPREPLY=()
	_bouncewatch_split
	cur=${line[-1]-}
	for ((i = 0; i + 1 < ${#line[@]}; i++)); do
		w=${line[i]}
		if [[ $w == -- ]]; then
			((operands += ${#line[@]} - i - 2))
			ended=yes
			break
		elif [[ $w == -* ]]; then
			[[ $w != *=* ]] && _bouncewatch_value "$command" "$w" ||
				continue
			((++i + 1 < ${#line[@]})) && continue
			_bouncewatch_reply '' "$cur"
			return
		elif [[ $command ]]; then
			((++operands))
			verb=${verb:-$w}
		else
			command=$w
		fi
	done
	_bouncewatch_command "$command" || return 0
	_bouncewatch_verb "$command" "$verb"
	if [[ ! $ended && $cur == --*=* ]]; then
		_bouncewatch_value "$command" "${cur%%=*}" || return 0
		w=${cur%%=*}=
		[[ $COMP_WORDBREAKS != *=* ]] || w=
		_bouncewatch_reply "$w" "${cur#*=}"
	elif [[ ! $ended && $cur == -* ]]; then
		words=$options files=
		_bouncewatch_reply '' "$cur"
		[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
	else
		((operands == 0)) || words=
		w=$files files=
		_bouncewatch_reply '' "$cur"
		((${#COMPREPLY[@]})) && return
		words='' files=$w
		_bouncewatch_reply '' "$cur"
	fi
}

complete -F _bouncewatch bouncewatch

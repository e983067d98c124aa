#compdef bouncewatch
# Completion of bouncewatch for zsh. Made by 'bouncewatch completion zsh'.

_bouncewatch() {
	local context state state_descr line
	local -a commands every options offered
	typeset -A opt_args
	commands=(
@COMMANDS@
	)
	every=(
@EVERY@
	)
	_arguments -s -S : $every '1: :->command' '*:: :->arguments' && return
	case $state in
	command)
		_describe -t commands command commands
		;;
	arguments)
		case $words[1] in
@ARGUMENTS@
		*)
			return 1
			;;
		esac
		_arguments -s -S : $every $options
		;;
	esac
}

if [[ $funcstack[1] == _bouncewatch ]]; then
	_bouncewatch "$@"
else
	compdef _bouncewatch bouncewatch
fi

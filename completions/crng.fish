# SPDX-License-Identifier: MIT
# Completion of crng(1) for fish.

# No command yet?
function __crng_first
    test (count (commandline -opc)) -eq 1
end

# Is the command one of these?
function __crng_in
    set -l words (commandline -opc)
    contains -- "$words[2]" $argv
end

# The words after the "--" of "crng wait" or "crng reseed", with the one at the cursor.
function __crng_words_after_dashes
    set -l words (commandline -opc) (commandline -ct)
    contains -- "$words[2]" wait reseed; or return
    set -l dashes (contains -i -- -- $words[1..-2]); or return
    printf '%s\n' $words[(math $dashes + 1)..-1]
end

# The words after "--" are a command line of their own, as after sudo(8).
function __crng_command
    set -l words (__crng_words_after_dashes); or return
    complete -C "$words"
end

# The formats of a command, which crng lists where it is given another one.
function __crng_formats
    crng $argv[1] --format= 2>&1 | string replace -rf '.*: not a format: use ' '' |
        string replace ' or ' ' ' | string replace -a , '' | string split ' '
end

# The advice that can be explained: each ID with its sentence, which follows it on indented
# lines.
function __crng_advice
    printf 'list\tList all advice\n'
    set -l row
    for line in (crng status --explain list 2>/dev/null) end
        if string match -q ' *' -- $line
            set -a row (string trim -- $line)
        else
            set -q row[1]; and printf '%s\t%s\n' $row[1] "$row[2..-1]"
            set row $line
        end
    end
end

complete -c crng -f

complete -c crng -n __crng_first -s h -l help -d 'Show help'
complete -c crng -n __crng_first -s V -l version -d 'Show the version'
complete -c crng -n __crng_first -a check -d 'Exit 0 if the kernel RNG is ready, 1 if not'
complete -c crng -n __crng_first -a wait -d 'Wait until the kernel RNG is ready'
complete -c crng -n __crng_first -a bytes -d 'Write random bytes'
complete -c crng -n __crng_first -a status -d 'Show the state, what is blocked, what to do'
complete -c crng -n __crng_first -a reseed -d 'Reseed the kernel RNG after a clone'
complete -c crng -n __crng_first -a seed -d 'Carry entropy from one boot to the next'
complete -c crng -n __crng_first -a help -d 'Show the help of a command'

complete -c crng -n '__crng_in help' -a 'check wait bytes status reseed seed'
complete -c crng -n '__crng_in check wait bytes status reseed seed' -s h -l help -d 'Show help'

complete -c crng -n '__crng_in check' -s q -l quiet -d 'Print no answer'
complete -c crng -n '__crng_in check' -s v -l verbose -d 'Print the answer in words'
complete -c crng -n '__crng_in check' -l format -x -d 'Answer as a monitoring plugin' \
    -a '(__crng_formats check)'

complete -c crng -n '__crng_in wait' -s t -l timeout -x -d 'Wait at most DUR'
complete -c crng -n '__crng_in wait' -l passive -d 'Only watch'
complete -c crng -n '__crng_in wait' -s q -l quiet -d 'Say nothing while waiting'
complete -c crng -n '__crng_in wait' -s v -l verbose -d 'Say how long it took'
complete -c crng -n __crng_words_after_dashes -a '(__crng_command)'

complete -c crng -n '__crng_in bytes' -s t -l timeout -x -d 'Wait at most DUR'
complete -c crng -n '__crng_in bytes' -l nonblock -d 'Exit 1 if the RNG is not ready'
complete -c crng -n '__crng_in bytes' -l insecure -d 'Never wait, even if not ready; not for secrets'
complete -c crng -n '__crng_in bytes' -l random -d 'Call getrandom() with GRND_RANDOM'
complete -c crng -n '__crng_in bytes' -l format -x -d 'Form of the output' \
    -a '(__crng_formats bytes)'
complete -c crng -n '__crng_in bytes' -s x -l hex -d '--format hex'
complete -c crng -n '__crng_in bytes' -s b -l base64 -d '--format base64'
complete -c crng -n '__crng_in bytes' -l chars -x -d 'Write COUNT characters of SET' \
    -a 'alnum alpha digit lower upper punct graph hex base58'
complete -c crng -n '__crng_in bytes' -l repeat -x -d 'Write N texts, each on its own line'
complete -c crng -n '__crng_in bytes' -s n -l no-newline -d 'Write no trailing newline'
complete -c crng -n '__crng_in bytes' -l wrap -x -d 'Break into lines of COLS characters'
complete -c crng -n '__crng_in bytes' -s o -l output -r -F -d 'Write a new FILE with mode 0600'
complete -c crng -n '__crng_in bytes' -l mode -x -d 'Give FILE this octal mode'
complete -c crng -n '__crng_in bytes' -s j -l jobs -x -d 'Use N threads for 1 MiB or more'
complete -c crng -n '__crng_in bytes' -l fast -d 'Expand one kernel key per block'
complete -c crng -n '__crng_in bytes' -s p -l progress -d 'Show progress'
complete -c crng -n '__crng_in bytes' -s q -l quiet -d 'Say nothing while waiting'
complete -c crng -n '__crng_in bytes' -s v -l verbose -d 'Say how strong the result is'
complete -c crng -n '__crng_in bytes' -l force -d 'Replace FILE; write raw bytes even to a terminal'

complete -c crng -n '__crng_in status' -l format -x -d 'Form of the output' \
    -a '(__crng_formats status)'
complete -c crng -n '__crng_in status' -l json -d '--format json'
complete -c crng -n '__crng_in status' -s v -l verbose -d 'Show all details'
complete -c crng -n '__crng_in status' -s w -l watch -d 'Refresh until it is ready'
complete -c crng -n '__crng_in status' -l boots -d 'List the last boots'
complete -c crng -n '__crng_in status' -l boot -x -d 'Report on an earlier boot' \
    -a '-1 -2 -3'
complete -c crng -n '__crng_in status' -l explain -x -d 'Explain a piece of advice' \
    -a '(__crng_advice)'
complete -c crng -n '__crng_in status' -l color -x -d 'Colour the human form' \
    -a 'auto always never'
complete -c crng -n '__crng_in status' -l sysroot -x -d 'Report on a captured tree' \
    -a '(__fish_complete_directories)'

complete -c crng -n '__crng_in reseed' -l input -r -F -d 'Mix the bytes of FILE'
complete -c crng -n '__crng_in reseed' -l no-hwrng -d 'Do not read /dev/hwrng'
complete -c crng -n '__crng_in reseed' -l any -d 'Reseed even if nothing is fresh'
complete -c crng -n '__crng_in reseed' -l json -d 'Write the result as JSON'
complete -c crng -n '__crng_in reseed' -l watch -d 'Reseed after each restore or clone'
complete -c crng -n '__crng_in reseed' -s n -l dry-run -d 'Only tell whether --watch can work'
complete -c crng -n '__crng_in reseed' -s q -l quiet -d 'Do not warn about sources'
complete -c crng -n '__crng_in reseed' -s v -l verbose -d 'Say what went in'

complete -c crng -n '__crng_in seed' -l load -d 'Load a seed, and save none'
complete -c crng -n '__crng_in seed' -l save -d 'Save a seed, and load none'
complete -c crng -n '__crng_in seed' -s t -l timeout -x -d 'Wait at most DUR before the save'
complete -c crng -n '__crng_in seed' -s d -l directory -x -d 'Keep the seed in DIR' \
    -a '(__fish_complete_directories)'
complete -c crng -n '__crng_in seed' -l no-credit -d 'Mix the seed in without credit'
complete -c crng -n '__crng_in seed' -l any-machine -d 'Also credit the seed of another machine'
complete -c crng -n '__crng_in seed' -l purge -d 'Remove all seeds, for a golden image'
complete -c crng -n '__crng_in seed' -l provision -d 'Put a seed into the image of one device'
complete -c crng -n '__crng_in seed' -l sysroot -x -d 'Purge or provision this tree' \
    -a '(__fish_complete_directories)'
complete -c crng -n '__crng_in seed' -s n -l dry-run -d 'Only say what would happen'
complete -c crng -n '__crng_in seed' -l json -d 'Write the result as JSON'
complete -c crng -n '__crng_in seed' -s q -l quiet -d 'Only say what went wrong'
complete -c crng -n '__crng_in seed' -s v -l verbose -d 'Also say which machine made the seed'

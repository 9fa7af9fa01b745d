#!/usr/bin/env bats
# crng bytes as text: the formats, --wrap, --repeat and --chars.
# shellcheck disable=SC2154

load helper
load bytes

# padded: fills base64url up with "=", as basenc wants it.
padded() {
  awk '{ printf "%s%s\n", $0, substr("===", 1, (4 - length % 4) % 4) }'
}

@test "other tools read back hex, base64, base64url and base32" {
  need xxd base64 basenc
  for n in 1 2 3 4 5 6 7 8 9 10 31 32 33 255 256 257 4097 245761; do
    [ "$("$CRNG" bytes --hex "$n" | xxd -r -p | wc -c)" -eq "$n" ]
    [ "$("$CRNG" bytes --hex "$n" | tr -d '\n' | wc -c)" -eq $((2 * n)) ]
    [ "$("$CRNG" bytes --base64 "$n" | base64 -d | wc -c)" -eq "$n" ]
    [ "$("$CRNG" bytes --format base64url "$n" | padded | basenc --base64url -d | wc -c)" -eq "$n" ]
    [ "$("$CRNG" bytes --format base32 "$n" | basenc --base32 -d | wc -c)" -eq "$n" ]
  done
}

@test "the text is what another encoder makes of the same bytes" {
  need xxd basenc
  "$CRNG" bytes --hex 100000 | xxd -r -p >raw
  # Read back and written again, each form must be what the other tool writes.
  for form in base64 base32; do
    "$CRNG" bytes --format "$form" 100001 >text
    basenc "--$form" -d text >raw
    [ "$(basenc "--$form" -w0 raw)" = "$(cat text)" ]
  done
  "$CRNG" bytes --format base64url 100001 >text
  padded <text | basenc --base64url -d >raw
  [ "$(basenc --base64url -w0 raw | tr -d =)" = "$(cat text)" ]
  "$CRNG" bytes --hex 100001 >text
  xxd -r -p text >raw
  [ "$(xxd -p -c0 raw)" = "$(cat text)" ]
}

@test "base64url has no padding, so that each text is a token for a URL" {
  need python3
  for n in {0..50}; do
    run -0 "$CRNG" bytes --format base64url "$n"
    [[ $output =~ ^[A-Za-z0-9_-]*$ ]]
    [ "${#output}" -eq $(((8 * n + 5) / 6)) ]
  done
  # As Python's secrets.token_urlsafe(31): the same characters, the same length.
  [ "$("$CRNG" bytes --format base64url -n 31 | wc -c)" -eq \
    "$(python3 -c 'import secrets; print(len(secrets.token_urlsafe(31)))')" ]
  "$CRNG" bytes --format base64url --repeat 70000 --wrap 20 31 -j 3 >file
  [ "$(paste - - - <file | grep -cE '^[A-Za-z0-9_-]{20}.[A-Za-z0-9_-]{20}.[A-Za-z0-9_-]{2}$')" -eq 70000 ]
}

@test "text is one line with a trailing newline, or without it with -n" {
  for form in hex base64 base64url base32; do
    [ "$("$CRNG" bytes --format "$form" 100000 | wc -l)" -eq 1 ]
    [ "$("$CRNG" bytes --format "$form" -n 100000 | wc -l)" -eq 0 ]
  done
  [ "$("$CRNG" bytes --hex 0 | wc -c)" -eq 1 ]
  [ "$("$CRNG" bytes --hex -n 0 | wc -c)" -eq 0 ]
  [ "$("$CRNG" bytes -x --no-newline 4 | wc -c)" -eq 8 ]
}

@test "--wrap breaks the text where other tools do" {
  for columns in 1 2 7 64 76 1000; do
    "$CRNG" bytes --base64 --wrap "$columns" 500000 >wrapped
    tr -d '\n' <wrapped >text
    base64 -d text | base64 -w "$columns" | cmp - wrapped
  done
  [ "$("$CRNG" bytes --hex --wrap 4 8 | wc -l)" -eq 4 ]
  [ "$("$CRNG" bytes --hex --wrap 4 -n 8 | wc -l)" -eq 3 ]
  [ "$("$CRNG" bytes --hex --wrap 0 800 | wc -l)" -eq 1 ]
  [ "$("$CRNG" bytes --hex --wrap infinity 800 | wc -l)" -eq 1 ]
}

@test "of several formats, raw among them, the last one counts" {
  [ "$("$CRNG" bytes --base64 --hex 3 | wc -c)" -eq 7 ]
  [ "$("$CRNG" bytes --hex --format raw 3 | wc -c)" -eq 3 ]
  usage_error 2 "--format 'rot13': not a format" "$CRNG" bytes --format rot13 3
  usage_error 2 "--format '': not a format" "$CRNG" bytes --format "" 3
}

@test "text of many jobs is complete, in order and padded only at its end" {
  need xxd base64 base32
  for jobs in 1 2 5 8; do
    for n in $((9 * BLOCK - 1)) $((9 * BLOCK)) $((9 * BLOCK + 1)); do
      [ "$("$CRNG" bytes -j "$jobs" --hex "$n" | xxd -r -p | wc -c)" -eq "$n" ]
      [ "$("$CRNG" bytes -j "$jobs" --base64 "$n" | base64 -d | wc -c)" -eq "$n" ]
      [ "$("$CRNG" bytes -j "$jobs" --format base32 "$n" | base32 -d | wc -c)" -eq "$n" ]
      [ "$("$CRNG" bytes -j "$jobs" --hex "$n" | tail -c 1 | xxd -p)" = 0a ]
    done
  done
}

@test "--wrap breaks lines where fold does, with any number of jobs" {
  "$CRNG" bytes --hex --wrap 1 $((8 * BLOCK + 5)) | grep -cx '[0-9a-f]' >lines
  [ "$(cat lines)" -eq $((16 * BLOCK + 10)) ]
  for columns in 1 7 64 76 "$BLOCK" $((BLOCK + 1)) $((2 * BLOCK)) 100000000; do
    for jobs in 1 8; do
      "$CRNG" bytes -j "$jobs" --hex --wrap "$columns" $((9 * BLOCK + 5)) >file
      { tr -d '\n' <file | fold -w "$columns" && echo; } | cmp - file
      "$CRNG" bytes -j "$jobs" --chars alnum --wrap "$columns" $((9 * BLOCK)) >file
      { tr -d '\n' <file | fold -w "$columns" && echo; } | cmp - file
    done
  done
}

@test "--repeat prints that many texts, each on a line of its own" {
  "$CRNG" bytes --repeat 1000000 --hex 16 >file
  [ "$(wc -l <file)" -eq 1000000 ]
  run ! grep -qvE '^[0-9a-f]{32}$' file
  [ "$(sort -u file | wc -l)" -eq 1000000 ]
  "$CRNG" bytes --repeat 70000 --base64 -j 3 40 >file
  [ "$(grep -cE '^[A-Za-z0-9+/]{54}==$' file)" -eq 70000 ]
  "$CRNG" bytes --repeat 3 --hex -j 4 $((5 * BLOCK + 1)) >file
  [ "$(awk -v n=$((10 * BLOCK + 2)) 'length == n' file | wc -l)" -eq 3 ]
  "$CRNG" bytes --repeat 100000 --format base32 --wrap 1 1 -j 2 >file
  [ "$(wc -l <file)" -eq 800000 ]
  "$CRNG" bytes --repeat 300000 --chars digit --wrap 4 6 >file
  [ "$(paste - - <file | grep -cE '^[0-9]{4}.[0-9]{2}$')" -eq 300000 ]
}

@test "--repeat 0 prints nothing, and --no-newline leaves out only the last newline" {
  run -0 --separate-stderr "$CRNG" bytes --repeat 0 --hex 16
  [ -z "$output$stderr" ]
  [ "$("$CRNG" bytes --repeat 3 --hex 0 | wc -c)" -eq 3 ]
  [ "$("$CRNG" bytes --repeat 3 --hex 2 -n | wc -c)" -eq 14 ]
  [ "$("$CRNG" bytes --repeat 0 --hex 2 -n | wc -c)" -eq 0 ]
  run -0 bash -c '"$1" bytes --repeat infinity --hex 4 | head -n 300000 | wc -c' bash "$CRNG"
  [ "$output" -eq 2700000 ]
}

@test "a million tokens take far fewer system calls" {
  sanitized && skip "a sanitizer makes calls of its own"
  traced trace "$CRNG" bytes --repeat 1000000 --hex 16 >/dev/null
  [ "$(wc -l <trace)" -lt 2000 ]
}

@test "--chars draws COUNT characters of the set and no others" {
  while read -r class distinct set; do
    run -0 "$CRNG" bytes --chars "$class" 5000
    [ "${#output}" -eq 5000 ]
    [ -z "$(tr -d "$set" <<<"$output")" ]
    [ "$(fold -w 1 <<<"$output" | sort -u | wc -l)" -eq "$distinct" ]
  done <<'EOF_CLASSES'
alnum 62 A-Za-z0-9
alpha 52 A-Za-z
digit 10 0-9
lower 26 a-z
upper 26 A-Z
punct 32 [:punct:]
graph 94 [:graph:]
hex 16 0-9a-f
base58 58 1-9A-HJ-NP-Za-km-z
EOF_CLASSES
  run -0 "$CRNG" bytes --chars 'set:!#:+' 4000
  [ "$(fold -w 1 <<<"$output" | sort -u | tr -d '\n')" = '!#+:' ]
  [ "$(count --chars alnum -j 8 $((9 * BLOCK + 1)))" -eq $((9 * BLOCK + 2)) ]
  [ "$(count --chars alnum -n 20)" -eq 20 ]
}

@test "--chars takes joined classes, ranges and POSIX classes, and literal sets after set:" {
  while read -r set drawn; do
    run -0 --separate-stderr "$CRNG" bytes --chars "$set" 5000
    [ -z "$stderr" ]
    [ "$(fold -w 1 <<<"$output" | sort -u | tr -d '\n')" = "$(printf %s "$drawn" | fold -w 1 | sort -u | tr -d '\n')" ]
  done <<'EOF_SETS'
digit+hex 0123456789abcdef
lower+digit abcdefghijklmnopqrstuvwxyz0123456789
a-z abcdefghijklmnopqrstuvwxyz
0-9 0123456789
a-fA-F0-9 abcdefABCDEF0123456789
A-Z2-7 ABCDEFGHIJKLMNOPQRSTUVWXYZ234567
a-cb-d abcd
a-c_ abc_
a-c0-1-_ abc01-_
a-c- abc-
+/a-c +/abc
A-Za-z0-9+/ ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/
[:digit:] 0123456789
[:xdigit:] 0123456789ABCDEFabcdef
[:digit:]a-c_ 0123456789abc_
[:lower:][:digit:] abcdefghijklmnopqrstuvwxyz0123456789
+-/ +,-./
set:ACGT ACGT
set:01 01
set:a-c a-c
set:alnum+ alnum+
set:set: set:
EOF_SETS
}

@test "no word is taken for its letters: the nearest class is named, and set:" {
  while read -r word class; do
    usage_error 2 "crng bytes: --chars '$word': no such class; did you mean '$class'? Write literal characters as in set:ACGT" \
      "$CRNG" bytes --chars "$word" 20
  done <<'EOF_NEAR'
ALNUM alnum
LOWER lower
HEX hex
digits digit
alphanum alnum
base64 base58
base32 base58
uper upper
EOF_NEAR
  for word in words pin numeric symbol print abc ACGT x 01 '!#:' -az az-; do
    usage_error 2 "crng bytes: --chars '$word': no such class: use alnum, alpha, digit, lower, upper, punct, graph, hex or base58, or write literal characters as in set:ACGT" \
      "$CRNG" bytes "--chars=$word" 20
  done
  usage_error 2 "no such class 'digits'; did you mean 'digit'?" "$CRNG" bytes --chars alpha+digits 20
  usage_error 2 "no such class 'words': use alnum, " "$CRNG" bytes --chars words+alpha 20
  for word in alnum+ +alnum alnum++punct; do
    usage_error 2 "crng bytes: --chars '$word': a class is missing beside '+'" \
      "$CRNG" bytes --chars "$word" 20
  done
  for word in a-z+A-Z '[:alpha:]+0-9'; do
    usage_error 2 "crng bytes: --chars '$word': '+' joins only classes; ranges are written side by side, as in a-z0-9" \
      "$CRNG" bytes --chars "$word" 20
  done
  long=$(printf 'x%.0s' {1..40})
  usage_error 2 "no such class '${long:0:31}': use alnum, " "$CRNG" bytes --chars "alnum+$long" 20
  for word in lower-case alpha-numeric e-mail base-64 utf-8 "a-z A-Z" a-zABC a-z2 'a-z\-'; do
    usage_error 2 "stands alone among ranges; write literal characters as in set:ACGT" \
      "$CRNG" bytes --chars "$word" 20
  done
}

@test "a range that is reversed, of two kinds or in brackets is an error" {
  for range in z-a 9-0 Z-A a-z9-0 t-shirt; do
    usage_error 2 "is reversed" "$CRNG" bytes --chars "$range" 20
  done
  for range in a-Z A-z 0-z _-a a-z_-0 !-z; do
    usage_error 2 "must both be digits, lower-case letters, upper-case letters or punctuation" \
      "$CRNG" bytes --chars "$range" 20
  done
  for set in '[a-z]' '[a-zA-Z]' '[[:alnum:]]' '[abc]' '[^a-z]' '[]'; do
    usage_error 2 "brackets are only for classes such as [:alpha:]; write ranges without them" \
      "$CRNG" bytes --chars "$set" 20
  done
  for set in '[:space:]' '[:print:]' '[:hex:]' '[:alpha' '[::]' '[:digit:][:foo:]'; do
    usage_error 2 "is not one of [:alnum:], [:alpha:], [:digit:], " "$CRNG" bytes --chars "$set" 20
  done
}

@test "a set: has no duplicate, and each set at least two characters" {
  usage_error 2 "--chars 'set:abcb': 'b' occurs twice, and would be drawn twice as often" \
    "$CRNG" bytes --chars set:abcb 1
  usage_error 2 "'-' occurs twice" "$CRNG" bytes --chars set:a--b 1
  usage_error 2 "not ASCII" "$CRNG" bytes --chars $'set:a\303\244' 1
  usage_error 2 "no character: a set needs at least two" "$CRNG" bytes --chars '' 1
  usage_error 2 "no character: a set needs at least two" "$CRNG" bytes --chars set: 1
  usage_error 2 "only one character: a set needs at least two" "$CRNG" bytes --chars set:x 1
  usage_error 2 "only one character: a set needs at least two" "$CRNG" bytes --chars a-a 1
}

@test "-v says how many bits strong the result is" {
  while read -r options; do
    read -r said
    # shellcheck disable=SC2086
    run -0 --separate-stderr "$CRNG" bytes -v $options
    [ -n "$output" ]
    [ "$stderr" = "crng bytes: $said" ]
    # shellcheck disable=SC2086
    run -0 --separate-stderr "$CRNG" bytes $options
    [ -z "$stderr" ]
  done <<'EOF_STRENGTHS'
--chars alnum 20
20 characters from a set of 62: 119.0 bits strong
--chars a-z 20
20 characters from a set of 26: 94.0 bits strong
--chars hex 32
32 characters from a set of 16: 128 bits strong
--chars set:01 1
1 character from a set of 2: 1 bit strong
--chars graph 40
40 characters from a set of 94: 256 bits strong, as strong as the kernel's RNG
--chars base58 --repeat 1000 12
1000 texts of 12 characters from a set of 58: each 70.2 bits strong, 70295.7 bits in total
--hex 32
32 bytes: 256 bits strong
--hex 1
1 byte: 8 bits strong
--base64 1K
1024 bytes: 256 bits strong, as strong as the kernel's RNG
EOF_STRENGTHS
  need_fakeboot
  # Nothing is claimed about bytes of an RNG that is not ready, or that were not written.
  run -0 --separate-stderr fakeboot -- "$CRNG" bytes -v --insecure --hex 16
  [[ $stderr == "crng bytes: warning: the kernel RNG is not ready, so "* ]]
  [ "${#stderr_lines[@]}" -eq 1 ]
  run -3 --separate-stderr sh -c '"$1" bytes -v 8 >/dev/full' sh "$CRNG"
  [ "$stderr" = "crng bytes: standard output: No space left on device" ]
}

@test "characters are uniform, for sets of every size" {
  tool uniform
  ascii=$(printf '%b' "$(printf '\\x%x' {32..126})")
  for n in {2..95}; do
    "$CRNG" bytes --chars "set:${ascii:0:n}" --fast $((n * 1000)) | tool uniform "${ascii:0:n}"
  done
  # The check fails for the usual mistake: a byte modulo the size.
  need xxd
  run -1 bash -c '"$1" bytes 100000 | xxd -p | fold -w 2 |
    awk -v set="$3" "{ printf \"%s\", substr(set, (index(\"0123456789abcdef\", substr(\$0, 1, 1)) \
      * 16 + index(\"0123456789abcdef\", substr(\$0, 2)) - 17) % 95 + 1, 1) }" | "$2" "$3"' \
    bash "$CRNG" "$BUILD/tests/tools/uniform" "$ascii"
  [[ $output == *"standard deviations off" ]]
}

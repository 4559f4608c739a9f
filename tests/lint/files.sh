# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# files.sh - sourced: the files of the project, as paths from the top.

sources() {
    if git -C "$HB_TOP" rev-parse --git-dir >/dev/null 2>&1; then
        git -C "$HB_TOP" ls-files --cached --others --exclude-standard |
            while read -r file; do [ -f "$HB_TOP/$file" ] && echo "$file"; done
    else
        # no git, or no repository: leave out what .gitignore names, as git would
        (cd "$HB_TOP" && find . -type f -not -path './build*' -not -path './.git/*' \
            -not -path './autom4te.cache/*' -not -path './m4/*' | sed 's,^\./,,' |
            grep -vE '^(Makefile(\.in)?|aclocal\.m4|config\..*|configure~?|libtool|stamp-h1)$' |
            grep -vE '\.(o|lo|la|a|log|trs|pyc)$|/(\.libs|\.deps)/' |
            sort)
    fi
}

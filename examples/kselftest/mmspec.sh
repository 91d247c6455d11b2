#!/bin/sh
# The gate of mmspec, with a report in KTAP. Exit codes are those of kselftest: 0 passed, 1 failed, 4 skipped.
#
# Options go to `mmspec gate`. Without options it tests the kernel that was built in KTREE, or here.
# MMSPEC is the command to run, if it is not found by npx.

skip=4
tree=${KTREE:-.}
mmspec=${MMSPEC:-npx --no-install mmspec}

if ! $mmspec --version >/dev/null 2>&1; then
	echo "# mmspec is not installed; in this folder: npm install mmspec"
	exit $skip
fi

if [ $# -eq 0 ]; then
	if ! ls "$tree"/arch/*/boot/*Image >/dev/null 2>&1; then
		echo "# no kernel is built in $tree; run make there, or name a target: ./mmspec.sh --target SPEC"
		exit $skip
	fi
	set -- --kdir "$tree"
fi

$mmspec gate --report ktap "$@"
code=$?

# To kselftest, 4 says that a test was skipped. To mmspec, it says that not everything was tested.
[ $code -eq 0 ] || echo "# mmspec gate ended with exit code $code"
[ $code -eq 0 ] || exit 1

#!/bin/sh
# Stands between cargo and rustc for the crates of this workspace (RUSTC_WORKSPACE_WRAPPER): has them count which
# branches are taken, for libFuzzer, which is linked into the targets alone. What runs while building is left as it is.
case " $* " in
*" build_script_"* | *" proc-macro "*) exec "$@" ;;
esac
exec "$@" --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares

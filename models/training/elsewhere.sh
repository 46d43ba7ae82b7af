#!/usr/bin/env bash
# Trains painter-m on another machine from a folder of `stages.pack`, with as many renderers as it has cores to spare:
#   elsewhere.sh PACK OUT MINUTES_OF_THIS_CALL MINUTES_IN_ALL [further options of stages.distill]
# Works in $TRAINING_WORK (models/training/work/elsewhere); a second call goes on where the first one ended. OUT gets the weights in parts and the log.
set -euo pipefail
pack=$(realpath "$1") out=$(realpath -m "$2") now=$3 all=$4
shift 4
work=$(realpath -m "${TRAINING_WORK:-$(dirname "${BASH_SOURCE[0]}")/work/elsewhere}")
python=${PYTHON:-python3} renderers=${RENDERERS:-$(($(nproc) - 5))} workers=${WORKERS:-4} device=${DEVICE:-cuda}
read -ra rendering <<<"${RENDERING:-}"
mkdir -p "$work" "$out"
tar -xf "$pack/code.tar.gz" -C "$work"
tar -xf "$pack/libraries.tar.xz" -C "$work"
cp "$pack"/furniture-*.npz "$work/"
export PAINTER_WORK=$work LD_LIBRARY_PATH=$work:${LD_LIBRARY_PATH:-} OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 OMP_WAIT_POLICY=passive
cd "$work"
pids=()
for ((n = 1; n <= renderers; n++)); do
    "$python" -m stages.render --out shards --frames 0 --budget-minutes "$now" --seed "$((1000 + n))" --max-shards 12 --furniture 1500 96 "${rendering[@]}" >"render-$n.log" 2>&1 &
    pids+=($!)
done
# Renderers end with this script, however it ends.
trap 'kill "${pids[@]}" 2>/dev/null || true' EXIT
until compgen -G "shards/shard-*.npz" >/dev/null; do
    sleep 1
    kill -0 "${pids[0]}" 2>/dev/null || { cat render-1.log >&2; exit 1; }
done
"$python" -m stages.distill --init imagenet --encoder "$pack/encoder.pt" --memory 2 --strong 0.6 --photographs "$pack/photographs" --shards shards --out m \
    --device "$device" --workers "$workers" --batch 64 --rate 2e-3 --leave-minutes "$now" --budget-minutes "$all" "$@" | tee -a train.log
"$python" -m stages.pack --split m/checkpoint.pt --out "$out"
cp train.log "$out/train.log"

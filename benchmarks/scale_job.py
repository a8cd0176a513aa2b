"""The work of scale-out in an environment of its own (pyspark, pyarrow): on one machine's processes, or on Spark.

`python -m benchmarks.scale_job make FOLDER SIZE` writes the people as Parquet; `… alone FOLDER` and `… spark FOLDER MASTER`
then read names of outputs from standard input, settle everybody into each, and answer with one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from benchmarks.settling import RESULTS, Columns, checksum, people, settled_batches

PARTS = 32
AT_ONCE = 65_536
WORKERS = 2
SCHEMA = pa.schema([(name, pa.int64()) for name in RESULTS])


def main(arguments: list[str]) -> None:
    """Make the people, or answer on standard output for every output named on standard input."""
    what, place = arguments[0], Path(arguments[1])
    if what == "make":
        make(place, int(arguments[2]))
        return
    if what == "alone":
        with ProcessPoolExecutor(WORKERS) as pool:
            _serve(partial(alone, place, pool))
        return
    session = _session(arguments[2])
    try:
        _serve(partial(spread, place, session))
    finally:
        session.stop()


def _serve(settle: Callable[[Path], None]) -> None:
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        out = Path(line.strip())
        begun = time.perf_counter()
        settle(out)
        seconds = time.perf_counter() - begun
        rows, total = checksum(_written(out))
        print(json.dumps({"seconds": seconds, "rows": rows, "checksum": total}), flush=True)


def make(place: Path, size: int) -> None:
    """Write `size` people in PARTS files."""
    bounds = [1 + size * part // PARTS for part in range(PARTS + 1)]
    for part, (low, high) in enumerate(pairwise(bounds)):
        if low < high:
            pq.write_table(pa.table(people(low, high - low)), place / f"people-{part:03}.parquet", compression="zstd")


def alone(place: Path, pool: ProcessPoolExecutor, out: Path) -> None:
    """Everybody on this machine, a file at a time on each of WORKERS processes."""
    out.mkdir()
    list(pool.map(_settle_file, sorted(place.glob("*.parquet")), [out] * PARTS))


def _settle_file(file: Path, out: Path) -> None:
    with pq.ParquetFile(file) as source, pq.ParquetWriter(out / file.name, SCHEMA, compression="zstd") as target:
        for batch in settled_batches(source.iter_batches(AT_ONCE)):
            target.write_batch(batch)


def spread(place: Path, session: SparkSession, out: Path) -> None:
    """Everybody on the workers of the cluster."""
    columns = ", ".join(f"{name} long" for name in RESULTS)
    files = [str(file) for file in sorted(place.glob("*.parquet"))]
    session.read.parquet(*files).mapInArrow(settled_batches, columns).write.parquet(str(out))


def _session(master: str) -> SparkSession:
    options = {
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false",
        "spark.executor.memory": "1g", "spark.executor.cores": "1", "spark.sql.files.minPartitionNum": str(PARTS),
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(AT_ONCE), "spark.sql.parquet.compression.codec": "zstd",
    }  # fmt: skip
    builder = SparkSession.builder.master(master).appName("dashebao scale-out")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _written(out: Path) -> Iterator[Columns]:
    for file in sorted(out.glob("*.parquet")):
        for batch in pq.ParquetFile(file).iter_batches(AT_ONCE):
            yield {name: batch.column(name).to_numpy() for name in RESULTS}


if __name__ == "__main__":
    main(sys.argv[1:])

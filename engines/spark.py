"""Apache Spark, by its wheel: inside one process, or as a master and workers on 127.0.0.1."""

import contextlib
import os
import pathlib
import shutil
import signal

from common import TARGET, need, need_program
from local import files

SETTINGS = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.executor.memory": "3g",
    "spark.local.dir": str(TARGET / "spark-local"),
    "spark.log.level": "ERROR",
    "spark.sql.files.maxPartitionBytes": "32m",  # a task's share
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.warehouse.dir": str(TARGET / "spark-warehouse"),
    "spark.ui.enabled": "false",
}


@contextlib.contextmanager
def errors_into(path):
    """What this process and those that it starts write to standard error goes into a file."""
    kept = os.dup(2)
    with open(path, "a") as log:
        os.dup2(log.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


class Spark:
    """A session: with local[2], of two threads inside its own process."""

    name = "spark"

    def __init__(self, master="local[2]", log=TARGET / "spark.log"):
        need("pyspark", "numpy")
        need_program("java", "openjdk-17-jre-headless")
        import pyspark
        from pyspark.sql import SparkSession

        self.version, self.error = pyspark.__version__, Exception  # Py4J's are not Spark's
        builder = SparkSession.builder.master(master).appName("moments").config(map=SETTINGS)
        with errors_into(log):  # and those of its process of Java, for good
            self.session = builder.getOrCreate()

    def see(self, path):
        """The samples of a path are the table samples from now on."""
        kind, paths = files(path)
        read = self.session.read.format(kind).options(header=True, inferSchema=True)
        self.samples = read.load([str(p) for p in paths])
        self.samples.createOrReplaceTempView("samples")

    def query(self, text):
        answer = self.session.sql(text)
        return answer.columns, [tuple(row) for row in answer.collect()]

    def mixture(self, steps):
        """Spark's own mixture of two normals, so many iterations of EM."""
        from pyspark.ml.clustering import GaussianMixture
        from pyspark.ml.feature import VectorAssembler

        data = VectorAssembler(inputCols=["x"], outputCol="features").transform(self.samples)
        model = GaussianMixture(k=2, maxIter=steps, tol=0.0, seed=1).fit(data)
        if model.summary.numIter != steps:
            raise RuntimeError(f"{model.summary.numIter} iterations were made, not {steps}")


class SparkCluster(Spark):
    """A master, and two workers of one core each, as processes on 127.0.0.1."""

    workers = ("worker of Spark 0", "worker of Spark 1")

    def __init__(self, servers):
        need("pyspark")
        need_program("java", "openjdk-17-jre-headless")
        import pyspark
        from servers import free_port

        home = pathlib.Path(pyspark.__file__).parent
        self.servers, self.port = servers, free_port()
        self.environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(home)}
        self.program = [home / "bin/spark-class"]
        self.master = f"spark://127.0.0.1:{self.port}"
        ports = ["--port", str(self.port), "--webui-port", "0"]
        self.start("master of Spark", "master.Master", "--host", "127.0.0.1", *ports)
        servers.until_answers("master of Spark", self.port)
        for worker in self.workers:
            self.start_worker(worker)
        driver = "driver of Spark"
        super().__init__(master=self.master, log=servers.log(driver))
        servers.running[driver] = self.session.sparkContext._gateway.proc
        signal.signal(signal.SIGINT, signal.default_int_handler)  # Spark's waits for its jobs
        self.ready()

    def start(self, name, program, *arguments):
        command = [*self.program, f"org.apache.spark.deploy.{program}", *arguments]
        self.servers.start(name, command, env=self.environment)

    def start_worker(self, name):
        folder = self.servers.folder / name.replace(" ", "-")
        shutil.rmtree(folder, ignore_errors=True)
        size = ["--cores", "1", "--memory", "4g"]
        place = ["--host", "127.0.0.1", "--webui-port", "0", "--work-dir", str(folder)]
        self.start(name, "worker.Worker", *place, *size, self.master)

    def ready(self):
        """Waits until every worker has an executor for us."""
        executors = self.session.sparkContext._jsc.sc().getExecutorMemoryStatus
        every = len(self.workers) + 1  # and the driver
        self.servers.until("every worker of Spark has joined", lambda: executors().size() == every)

    def half_way(self):
        """Whether half of the tasks of a query are done, and not all."""
        tracker = self.session.sparkContext.statusTracker()
        stages = filter(None, map(tracker.getStageInfo, tracker.getActiveStageIds()))
        return any(stage.numTasks <= 2 * stage.numCompletedTasks for stage in stages)

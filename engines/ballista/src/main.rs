//! Ballista's programs and a client, in one:
//!
//! ballista-cluster scheduler FLAGS
//! ballista-cluster executor FLAGS
//! ballista-cluster query SCHEDULER FOLDER TASKS     SQL from standard input, CSV to standard output

use ballista::prelude::*;
use ballista_executor::executor_process::start_executor_process;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;
use clap::Parser;
use datafusion::arrow::csv::Writer;
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::*;
use std::error::Error;
use std::io::{read_to_string, stdin, stdout};
use std::process::ExitCode;
use std::sync::Arc;

/// What Ballista's own programs give the threads that plan.
const STACK: usize = 32 << 20;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .expect("threads can be started");
    match runtime.block_on(run(std::env::args().skip(1).collect())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Vec<String>) -> Result<(), Box<dyn Error>> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["scheduler", ..] => {
            tracing_subscriber::fmt().with_ansi(false).init();
            let flags = ballista_scheduler::config::Config::parse_from(arguments);
            let address = format!("{}:{}", flags.bind_host, flags.bind_port).parse()?;
            let config: SchedulerConfig = flags.try_into()?;
            let cluster = BallistaCluster::new_from_config(&config).await?;
            start_server(cluster, address, Arc::new(config)).await?;
        }
        ["executor", ..] => {
            tracing_subscriber::fmt().with_ansi(false).init();
            let flags = ballista_executor::config::Config::parse_from(arguments);
            start_executor_process(Arc::new(flags.try_into()?)).await?;
        }
        ["query", scheduler, folder, tasks] => {
            query(scheduler, folder, tasks.parse()?).await?
        }
        _ => {
            return Err(
                "scheduler FLAGS, executor FLAGS, or query SCHEDULER FOLDER TASKS".into()
            );
        }
    }
    Ok(())
}

async fn query(scheduler: &str, folder: &str, tasks: usize) -> Result<(), Box<dyn Error>> {
    let config = SessionConfig::new_with_ballista().with_target_partitions(tasks);
    let state =
        SessionStateBuilder::new().with_config(config).with_default_features().build();
    let session = SessionContext::remote_with_state(scheduler, state).await?;
    session.register_parquet("samples", folder, ParquetReadOptions::default()).await?;
    let mut out = Writer::new(stdout());
    for batch in session.sql(&read_to_string(stdin())?).await?.collect().await? {
        out.write(&batch)?;
    }
    Ok(())
}

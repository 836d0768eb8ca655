# mclust and mixtools: Rscript peers.R speed PEER FILE.npy SHORT LONG REPEATS
#                  or  Rscript peers.R fits PEER FILE.csv K

args <- commandArgs(trailingOnly = TRUE)
task <- args[1]
peer <- args[2]
file <- args[3]
suppressPackageStartupMessages(library(peer, character.only = TRUE))
version <- as.character(packageVersion(peer))

# The notebook's guess.
weights <- c(0.5, 0.5)
means <- c(0, 1)
variances <- c(1, 1)

seconds_of <- function(expression) {
  start <- Sys.time()
  force(expression)
  as.numeric(Sys.time() - start, units = "secs")
}
quietly <- function(expression) {
  capture.output({
    suppressWarnings(expression)
    NULL
  })
}
print_line <- function(...) cat(paste(..., sep = "\t"), "\n", sep = "")
number <- function(x) sprintf("%.17g", x)
show <- function(w, mu, var) {
  paste(number(w), number(mu), number(var), sep = ":", collapse = ",")
}
show_mclust <- function(fit) {
  p <- fit$parameters
  show(p$pro, p$mean, rep_len(p$variance$sigmasq, length(p$mean)))
}
show_mixtools <- function(fit) show(fit$lambda, fit$mu, fit$sigma^2)

steps <- list(
  mclust = function(x, n) {
    start <- list(
      pro = weights, mean = means,
      variance = list(modelName = "V", d = 1, G = 2, sigmasq = variances, scale = variances)
    )
    em(x, modelName = "V", parameters = start, control = emControl(itmax = n, tol = 0))
  },
  mixtools = function(x, n) {
    # An epsilon of -1 never stops it.
    normalmixEM(x, lambda = weights, mu = means, sigma = sqrt(variances), maxit = n, epsilon = -1)
  }
)

if (task == "speed") {
  npy <- file(file, "rb")
  invisible(readBin(npy, "raw", 128))
  x <- readBin(npy, "double", (file.size(file) - 128) / 8, endian = "little")
  close(npy)
  short <- as.integer(args[4])
  long <- as.integer(args[5])
  for (repeat_ in seq_len(as.integer(args[6]))) {
    shorter <- seconds_of(quietly(steps[[peer]](x, short)))
    longer <- seconds_of(quietly(fit <- steps[[peer]](x, long)))
    answer <- if (peer == "mclust") show_mclust(fit) else show_mixtools(fit)
    print_line(
      "speed", peer, version, format(length(x), scientific = FALSE), long - short,
      number(shorter), number(longer), answer
    )
  }
} else {
  x <- read.csv(file)$x
  k <- as.integer(args[4])
  fits <- list(
    mclust = list(
      "mclust" = function() show_mclust(Mclust(x, G = k, verbose = FALSE)),
      "mclust V" = function() show_mclust(Mclust(x, G = k, modelNames = "V", verbose = FALSE))
    ),
    mixtools = list("mixtools" = function() {
      set.seed(1)
      show_mixtools(normalmixEM(x, k = k))
    })
  )
  for (name in names(fits[[peer]])) {
    for (repeat_ in 1:5) {
      seconds <- seconds_of(quietly(answer <- tryCatch(
        fits[[peer]][[name]](),
        error = function(e) paste("failed:", conditionMessage(e))
      )))
      print_line("fits", name, version, file, k, number(seconds), answer)
    }
  }
}

# Univariate data sets that come with R and its packages, and what mclust and mixtools make of them.
#
# Rscript search.R FOLDER: writes each to FOLDER/NAME.csv and, for K = 2 to 6, a line for every fit:
# data, K, peer, weight:mean:variance,...
suppressPackageStartupMessages({
  library(mclust)
  library(mixtools)
})

sets <- list(
  faithful_waiting = datasets::faithful$waiting,
  faithful_eruptions = datasets::faithful$eruptions,
  iris_sepal_length = datasets::iris$Sepal.Length,
  iris_sepal_width = datasets::iris$Sepal.Width,
  iris_petal_length = datasets::iris$Petal.Length,
  iris_petal_width = datasets::iris$Petal.Width,
  log_rivers = log(datasets::rivers),
  log_islands = log(datasets::islands),
  quakes_depth = datasets::quakes$depth,
  quakes_mag = datasets::quakes$mag,
  airquality_temp = datasets::airquality$Temp,
  log_ozone = log(na.omit(datasets::airquality$Ozone)),
  precip = datasets::precip,
  lake_huron = datasets::LakeHuron,
  nile = datasets::Nile,
  log_lynx = log(datasets::lynx),
  sunspots = sqrt(datasets::sunspot.year),
  chick_weight = datasets::ChickWeight$weight,
  attenu_dist = log(datasets::attenu$dist),
  swiss_fertility = datasets::swiss$Fertility,
  galaxies = MASS::galaxies / 1000,
  geyser_duration = MASS::geyser$duration,
  geyser_waiting = MASS::geyser$waiting,
  boston_medv = MASS::Boston$medv,
  log_boston_lstat = log(MASS::Boston$lstat),
  crabs_fl = MASS::crabs$FL,
  crabs_rw = MASS::crabs$RW,
  crabs_cw = MASS::crabs$CW,
  crabs_bd = MASS::crabs$BD,
  pima_glu = MASS::Pima.tr$glu,
  birthwt = MASS::birthwt$bwt,
  log_gag = log(MASS::GAGurine$GAG),
  log_melanoma = log(MASS::Melanoma$thickness),
  nlschools_lang = MASS::nlschools$lang,
  diabetes_glucose = mclust::diabetes$glucose,
  diabetes_insulin = mclust::diabetes$insulin,
  banknote_diagonal = mclust::banknote$Diagonal,
  thyroid_t4 = mclust::thyroid$T4
)

folder <- commandArgs(trailingOnly = TRUE)[1]
dir.create(folder, recursive = TRUE, showWarnings = FALSE)
quietly <- function(expression) {
  answer <- NULL
  capture.output(suppressWarnings(suppressMessages(
    answer <- tryCatch(expression, error = function(e) NULL)
  )))
  answer
}
number <- function(x) sprintf("%.17g", x)
line <- function(data, k, peer, w, mu, var) {
  ok <- all(is.finite(c(w, mu, var))) && all(var > 0) && length(w) == k
  if (!ok) return(invisible())
  fit <- paste(number(w), number(mu), number(var), sep = ":", collapse = ",")
  cat(data, k, peer, fit, sep = "\t")
  cat("\n")
}

for (name in names(sets)) {
  x <- as.numeric(sets[[name]])
  stopifnot(all(is.finite(x)))
  writeLines(c("x", number(x)), file.path(folder, paste0(name, ".csv")))
  for (k in 2:6) {
    fit <- quietly(Mclust(x, G = k, modelNames = "V", verbose = FALSE))
    if (!is.null(fit)) {
      p <- fit$parameters
      line(name, k, "mclust", p$pro, p$mean, rep_len(p$variance$sigmasq, k))
    }
    for (seed in 1:10) {
      set.seed(seed)
      fit <- quietly(normalmixEM(x, k = k))
      if (!is.null(fit)) line(name, k, "mixtools", fit$lambda, fit$mu, fit$sigma^2)
    }
  }
}

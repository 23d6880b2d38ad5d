# Numbers for tests/sampling: run in this folder with R 4.2 and sampling 2.9
# (apt install r-cran-sampling). The communes and their sizes are made up.
library(sampling)

size <- c(1200, 310, 95, 420, 95, 60, 800, 33, 210, 150, 47, 260)
write_matrix <- function(m, name)
  write.table(format(m, digits = 17), name, sep = ",", quote = FALSE,
              row.names = FALSE, col.names = FALSE)

for (n in c(2, 4, 7)) {
  pik <- inclusionprobabilities(size, n)
  write_matrix(matrix(pik, 1), sprintf("pik_%d.csv", n))
  write_matrix(UPsystematicpi2(pik), sprintf("systematic_%d.csv", n))
  # UPtillepi2 leaves certain units 0; the others are what it says.
  write_matrix(UPtillepi2(pik), sprintf("tille_%d.csv", n))
  # UPmaxentropypi2 stops at 1e-6, too early; its parts take a finer limit.
  inside <- pik < 1
  p <- UPMEpiktildefrompik(pik[inside], eps = 1e-15)
  joint <- outer(pik, pik)
  joint[inside, inside] <- UPMEpik2frompikw(pik[inside], p / (1 - p))
  write_matrix(joint, sprintf("maximum_entropy_%d.csv", n))
}

pik <- inclusionprobabilities(size, 4)
draws <- t(sapply(1:40, function(i) {
  set.seed(i)
  taken <- which(UPsystematic(pik) == 1)
  set.seed(i)
  c(runif(1), taken)
}))
write_matrix(draws, "systematic_draws_4.csv")

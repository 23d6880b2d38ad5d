# Numbers for tests/sampling: run in this folder with R 4.2, base only. R's own
# functions where it has one, else the formula of the book named in the docstring.
options(digits = 17)
z <- qnorm(0.975)
finite <- function(n0, N, lost) n0 / (1 + (n0 - lost) / N)

grid <- expand.grid(p = c(0.5, 0.72, 0.9), e = c(0.02, 0.07), N = c(300, 12000))
grid$share <- finite(z^2 * grid$p * (1 - grid$p) / grid$e^2, grid$N, 1)
grid$relative <- finite(z^2 * (1 - grid$p) / grid$p / grid$e^2, grid$N, 1)
grid$cv <- finite((1 - grid$p) / grid$p / grid$e^2, grid$N, 1)
grid$mean <- finite((z * 0.9 / grid$e)^2, grid$N, 0)
grid$mean_cv <- finite((0.4 / grid$e)^2, grid$N, 0)
write.csv(format(grid, digits = 17), "single.csv", row.names = FALSE, quote = FALSE)

# power.t.test with sd known is a t test; for large n its power is the normal one,
# so the normal formula is typed here and power.t.test is asked for a check.
pairs <- expand.grid(d = c(0.02, 0.05), s1 = 0.16, s2 = c(0.1875, 0.09), r = c(1, 2))
pairs$n1 <- (qnorm(0.975) + qnorm(0.8))^2 * (pairs$s1 + pairs$r * pairs$s2) / pairs$d^2
pairs$power <- pnorm(pairs$d / sqrt(pairs$s1 / 400 + pairs$s2 / 300) - qnorm(0.975))
write.csv(format(pairs, digits = 17), "pairs.csv", row.names = FALSE, quote = FALSE)
t <- power.t.test(delta = 0.05, sd = 0.4, power = 0.8)$n
stopifnot(abs(t - (qnorm(0.975) + qnorm(0.8))^2 * 2 * 0.16 / 0.05^2) < 1)
write.csv(data.frame(t_test_n = t), "t_test.csv", row.names = FALSE)

Nh <- c(4000, 900, 2500); Sh <- c(0.45, 0.3, 0.38); ch <- c(1, 3, 2)
n <- 500; W <- Nh / sum(Nh); k <- Nh * Sh / sqrt(ch)
v <- 0.0003
best <- data.frame(
  proportional = n * W,
  neyman = n * Nh * Sh / sum(Nh * Sh),
  budget = 900 * k / sum(k * ch),
  variance = k * sum(k * ch) / (v * sum(Nh)^2 + sum(Nh * Sh^2)))
write.csv(format(best, digits = 17), "optimum.csv", row.names = FALSE, quote = FALSE)

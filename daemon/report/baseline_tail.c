/*
 * The chance of so many: the tail of a Poisson count whose mean is itself drawn
 * from a distribution (baseline.h, the model), by adding up over t.
 */
#include <math.h>

#include "baseline.h"

/* P(a, x), the incomplete gamma function: P(Poisson(x) >= a). By its series
 * below its middle, else by its continued fraction (W. Gautschi, Lentz). */
static double gamma_part(double a, double x)
{
	int sign;
	double front, sum, term, c, d, h;

	if (a <= 0)
		return 1;
	if (x <= 0)
		return 0;
	front = exp(a * log(x) - x - lgamma_r(a, &sign));
	if (x < a + 1) {
		sum = term = 1 / a;
		for (double k = a + 1; term > sum * 1e-12; k++) {
			term *= x / k;
			sum += term;
		}
		return front * sum;
	}
	c = 1e300;
	d = h = 1 / (x + 1 - a);
	for (int i = 1; i < 100000; i++) {
		double an = -i * (i - a), bn = x + 1 - a + 2 * i;

		d = 1 / (an * d + bn);
		c = bn + an / c;
		h *= c * d;
		if (fabs(c * d - 1) < 1e-12)
			break;
	}
	return 1 - front * h;
}

#define T_FROM -6.0
#define T_TO   16.0
#define T_STEP 0.125

double baseline_tail(double n, double m, double spread, double degrees)
{
	double sum = 0, whole = 0;

	for (double t = T_FROM; t <= T_TO; t += T_STEP) {
		double density =
			exp(-(degrees + 1) / 2 * log1p(t * t / degrees));

		whole += density;
		sum += density * gamma_part(n, m * exp(spread * t));
	}
	return sum / whole;
}

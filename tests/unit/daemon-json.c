/* daemon/json.c: the shape of an object. */
#include "test.h"

#include <math.h>

#include <math.h>

#include "json.h"
#include "out_file.h"

static void writes_an_object(void **state)
{
	struct json j;

	(void)state;
	json_open(&j, out_file_open());
	json_z(&j, "a", "x\"y");
	json_z(&j, "none", NULL);
	json_str(&j, "empty", (struct str)STR(""));
	json_str(&j, "absent", STR_NULL);
	json_int(&j, "n", -5);
	json_bool(&j, "yes", true);
	json_bool(&j, "no", false);
	json_null(&j, "null");
	json_time(&j, "at", 86400);
	json_time(&j, "never", 0);
	json_time(&j, "absurd", INT64_MAX);
	json_list_open(&j, "list");
	json_item(&j, "one");
	json_item(&j, "two");
	json_list_close(&j);
	json_list_open(&j, "nothing");
	json_list_close(&j);
	json_list_open(&j, "numbers");
	json_item_int(&j, -1);
	json_item_str(&j, (struct str)STR("a\xff"));
	json_list_close(&j);
	json_double(&j, "half", 0.5);
	json_double(&j, "rare", 1.25e-9);
	json_double(&j, "many", 1234567);
	json_double(&j, "nan", NAN);
	json_double(&j, "inf", -INFINITY);
	json_int(&j, "last", 0);
	json_close(&j);
	assert_string_equal(out_file_close(NULL),
		"{\"v\":1,\"a\":\"x\\\"y\",\"none\":null,\"empty\":\"\","
		"\"absent\":null,\"n\":-5,\"yes\":true,\"no\":false,"
		"\"null\":null,\"at\":\"1970-01-02T00:00:00Z\","
		"\"never\":null,\"absurd\":null,\"list\":[\"one\",\"two\"],"
		"\"nothing\":[],\"numbers\":[-1,\"a\xef\xbf\xbd\"],"
		"\"half\":0.5,\"rare\":1.25e-09,\"many\":1.23457e+06,"
		"\"nan\":null,\"inf\":null,\"last\":0}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_an_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

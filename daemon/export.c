/* The table of export formats, made from export/formats.def. */
#include "export.h"

#define EXPORT(word) extern const struct export_format export_##word;
#include "export/formats.def"
#undef EXPORT

static const struct export_format *const formats[] = {
#define EXPORT(word) &export_##word,
#include "export/formats.def"
#undef EXPORT
};

#define FORMATS_N (sizeof(formats) / sizeof(formats[0]))

const struct export_format *export_at(size_t i)
{
	return i < FORMATS_N ? formats[i] : NULL;
}

const struct export_format *export_find(const char *name)
{
	for (size_t i = 0; i < FORMATS_N; i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

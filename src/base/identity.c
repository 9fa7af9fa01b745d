/* SPDX-License-Identifier: MIT */
#include "base/identity.h"

#include <errno.h>
#include <string.h>

#include "base/root.h"

static int read_text(const char *path, char text[IDENTITY_MAX])
{
	long len = root_read(ROOT_LIVE, path, text, IDENTITY_MAX);

	if (len >= 0 && len < IDENTITY_MAX - 1)
		return 0;
	text[0] = '\0';
	return len < 0 ? (int)len : -EOVERFLOW;
}

void identity_read(struct identity *identity)
{
	memset(identity, 0, sizeof(*identity));
	identity->uuid_error = read_text("/sys/class/dmi/id/product_uuid",
					 identity->product_uuid);
	identity->serial_error = read_text("/sys/firmware/devicetree/base/serial-number",
					   identity->serial_number);
}

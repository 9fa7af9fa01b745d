/* SPDX-License-Identifier: MIT */
#ifndef CRNG_IDENTITY_H
#define CRNG_IDENTITY_H

enum { IDENTITY_MAX = 256 };

/* What the firmware says about this machine, and so is not on its disk: foreign text. */
struct identity {
	char product_uuid[IDENTITY_MAX];  /* of DMI; only root can read it */
	char serial_number[IDENTITY_MAX]; /* of the device tree */
	int uuid_error, serial_error;	  /* 0, or -errno and then the text is empty */
};

void identity_read(struct identity *identity);

#endif

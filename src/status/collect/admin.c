/* SPDX-License-Identifier: MIT */
/* What an administrator has here to act with: systemd, sudo, the service of sshd. */
#include <stdio.h>
#include <unistd.h>

#include "base/root.h"
#include "status/collect/collectors.h"
#include "status/collect/read.h"
#include "status/collect/systemd.h"

static bool is_installed(int root, const char *program)
{
	static const char *const directories[] = { "/usr/bin", "/bin", "/usr/local/bin",
						   "/run/wrappers/bin" };
	char path[64];

	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++) {
		snprintf(path, sizeof(path), "%s/%s", directories[i], program);
		if (root_exists(root, path) == 1)
			return true;
	}
	return false;
}

static const char *root_by(int root)
{
	return geteuid() == 0		    ? "none"
	       : is_installed(root, "sudo") ? "sudo"
	       : is_installed(root, "doas") ? "doas"
					    : "su";
}

static const char *ssh_service(int root, bool systemd)
{
	static const char *const names[][2] = { { "ssh.service", "/etc/init.d/ssh" },
						{ "sshd.service", "/etc/init.d/sshd" } };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *unit = names[i][0], *script = names[i][1];

		if (systemd ? systemd_has_unit(root, unit)
			    : root_exists(root, script) == 1)
			return systemd ? unit : script;
	}
	return "none";
}

void collect_admin(int root, struct facts *facts)
{
	bool systemd = systemd_runs(root);

	fact_flag(&facts->systemd, systemd);
	fact_text(&facts->ssh_service, ssh_service(root, systemd));
	if (root == ROOT_LIVE)
		fact_text(&facts->root_by, root_by(root));
	else
		facts->root_by.unknown = read_live_only;
}

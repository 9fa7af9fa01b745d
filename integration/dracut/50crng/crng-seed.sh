#!/bin/sh
# SPDX-License-Identifier: MIT
# Loads a seed from the root, or from a file system that is mounted for this, and replaces
# it. At this point a hibernated system would have been resumed, and the root has been
# checked. The kernel log has the result. Whatever fails, the boot goes on. dracut sources
# this file.

getargbool 0 rd.crng.seed && (
	at=/crng-seed
	device=$(getarg rd.crng.seed.device=)
	dir=$(getarg rd.crng.seed.dir=)
	dir=${dir:-/var/lib/seedrng}
	dir=/${dir#/}
	place=${device:+$device:}$dir

	# log LEVEL TEXT
	log() {
		echo "<$1>$2" >/dev/kmsg
	}

	no_seed() {
		log 4 "crng seed: no seed is loaded: $*"
		exit 0
	}

	# A separate mount can become writable without a change to the mount of the root.
	mount_root() {
		[ -d "${NEWROOT:?}$dir" ] || no_seed "there is no directory $dir on the root"
		mount -o bind "$NEWROOT$dir" "$at" || no_seed "$dir cannot be mounted"
		dir=$at
	}

	mount_device() {
		udevadm settle --timeout=5
		case $device in
		*=*) path=$(blkid -l -t "$device" -o device) ;;
		*) path=$device ;;
		esac
		[ -b "$path" ] || no_seed "there is no $device"
		options=$(getarg rd.crng.seed.options=)
		options=${options:-rw}
		check_device || options=$options,ro
		mount -o "$options" "$path" "$at" || no_seed "$device cannot be mounted"
		dir=$at$dir
	}

	# check_device: fails if the file system has errors that fsck cannot repair by itself,
	# so that nothing is written to it.
	check_device() {
		type=$(blkid -o value -s TYPE "$path")
		if getargbool 0 rd.skipfsck || ! command -v "fsck.$type" >/dev/null; then
			return 0
		fi
		"fsck.$type" -a "$path" >/dev/null || [ "$?" -eq 1 ]
	}

	is_readonly() {
		while read -r _ where _ options _; do
			[ "$where" != "$at" ] || seen=$options
		done </proc/mounts
		case $seen in
		ro | ro,*) ;;
		*) return 1 ;;
		esac
	}

	# remount OPTION: util-linux, BusyBox and klibc all know this form.
	remount() {
		mount -o "remount,$1" none "$at"
	}

	# load_seed: the messages name the directory as the configuration does.
	load_seed() {
		level=6
		said=$(crng seed -d "$dir" 2>&1) || level=4
		printf '%s\n' "$said" | while read -r line; do
			case $line in
			*"$dir"*) line=${line%%"$dir"*}$place${line#*"$dir"} ;;
			esac
			log "$level" "$line"
		done
	}

	mkdir "$at"
	if [ -n "$device" ]; then
		mount_device
	else
		mount_root
	fi
	restore=
	if [ -z "$device" ] && is_readonly && remount rw; then
		restore=yes
	fi
	load_seed
	[ -z "$restore" ] || remount ro || log 4 'crng seed: the root could not become read-only again'
	umount "$at"
) 2>/dev/null

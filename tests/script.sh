# What every script that tries the program shares. To be sourced.
FAILED=0

say() { # STATUS SENTENCE
	if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; FAILED=1; fi
}

said() { # SENTENCE: the verdict is the status of the command before
	say $? "$1"
}

demo_ini() { # the head of a configuration in which a warehouse's word counts
	cat <<-END
		[store]
		profile = demo
		[truth]
		catalog = warehouse
		stock = warehouse
		pricing = warehouse
	END
}

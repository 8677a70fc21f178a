package dev.holdfast.session;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a client as text, and the part of it that counts. It may have come in a header, from anybody: so a name is
 * never looked up, and what is no address counts as the text that it is.
 */
final class ClientAddress {

    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern IPV4_WITH_PORT = Pattern.compile("[0-9.]+:[0-9]{1,5}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern DECORATION = Pattern.compile("^\\[|\\](:[0-9]{1,5})?$|%.*$");
    private static final int IPV4_BYTES = 4;
    private static final int BYTE = 8;
    private static final int NO_ADDRESS = 0;
    private static final byte[] NOTHING = {};

    private ClientAddress() {}

    /**
     * The part of an address that counts. The same bytes for two texts: they count as the same address.
     *
     * @param ipv4Bits how many bits of an IPv4 address; 0: none of it
     * @param ipv6Bits how many bits of an IPv6 address; 0: none of it
     */
    static byte[] prefix(String text, int ipv4Bits, int ipv6Bits) {
        byte[] address = parse(text);
        if (address == null) {
            return ipv4Bits == 0 && ipv6Bits == 0 ? NOTHING : tagged(NO_ADDRESS, text.getBytes(StandardCharsets.UTF_8));
        }
        int bits = address.length == IPV4_BYTES ? ipv4Bits : ipv6Bits;
        return bits == 0 ? NOTHING : tagged(address.length, masked(address, bits));
    }

    private static byte[] tagged(int kind, byte[] content) {
        byte[] tagged = new byte[content.length + 1];
        tagged[0] = (byte) kind;
        System.arraycopy(content, 0, tagged, 1, content.length);
        return tagged;
    }

    private static byte[] masked(byte[] address, int bits) {
        byte[] masked = Arrays.copyOf(address, address.length);
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.max(0, Math.min(BYTE, bits - i * BYTE));
            masked[i] &= (byte) (0xff << (BYTE - kept));
        }
        return masked;
    }

    /** 4 bytes, also for an IPv4 address in the clothes of an IPv6 one, or 16; null if it is no address. */
    private static byte @Nullable [] parse(String text) {
        String bare = DECORATION.matcher(text.strip()).replaceAll("");
        if (IPV4_WITH_PORT.matcher(bare).matches()) {
            bare = bare.substring(0, bare.indexOf(':'));
        }
        if (!IPV4.matcher(bare).matches() && !IPV6.matcher(bare).matches()) {
            return null;
        }
        try {
            // Of this form, it is never taken for a name.
            return InetAddress.getByName(bare).getAddress();
        } catch (UnknownHostException noAddress) {
            return null;
        }
    }
}

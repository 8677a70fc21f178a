package names;

import dev.holdfast.shaded.io.netty.channel.socket.DatagramChannel;
import dev.holdfast.shaded.io.netty.channel.socket.SocketChannel;
import dev.holdfast.shaded.io.netty.resolver.AddressResolverGroup;
import dev.holdfast.shaded.io.netty.resolver.DefaultAddressResolverGroup;
import dev.holdfast.shaded.io.netty.resolver.dns.DnsServerAddressStreamProvider;
import dev.holdfast.shaded.org.redisson.connection.AddressResolverGroupFactory;
import java.net.InetSocketAddress;

/**
 * Names are looked up by the JDK, and not by Redisson's own client of DNS, which only the administrator of a machine can
 * point elsewhere. Compiled by NamesIT; the compiler of the build may not see what is inside our jar.
 */
public final class NamesOfTheJdk implements AddressResolverGroupFactory {

    @Override
    public AddressResolverGroup<InetSocketAddress> create(
            Class<? extends DatagramChannel> datagrams,
            Class<? extends SocketChannel> sockets,
            DnsServerAddressStreamProvider servers) {
        return DefaultAddressResolverGroup.INSTANCE;
    }
}
